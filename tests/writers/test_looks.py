"""The look that options ask for, in each format: what is on the page, measured there by other programs."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
import tinycss2

from schemas import options
from service import style
from service.engines import Engines
from service.model import profiles
from service.model.document import Conversion, Document
from service.model.errors import ValidationFailed
from service.style import fonts, print_css, running_lines
from service.style.running_lines import Part
from service.writers import WRITERS
from service.writers.page import sections
from tests.writers.test_pdf_sections import chapter
from tests.writers.test_pdf_variants import failures

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
LOOK: dict[str, Any] = {
    "paper": "a5", "margin": "20mm 15mm", "font": "DejaVu Serif", "font_size": "12pt", "justify": "ragged",
    "header": 'Sec"ret \\ {title} | {author}', "footer": "{page} of {pages}", "watermark": "DRAFT",
}  # fmt: skip


@pytest.fixture(scope="module")
def write(torture: Document, conversion: Convert, engines: Engines) -> Callable[..., bytes]:
    def make(target: str, document: Document = torture, **options: Any) -> bytes:
        return WRITERS[target].write(document, conversion(target, **options), engines).data

    return make


def text_of(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def fonts_of(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return " ".join(str(each.get("/BaseFont", "")) for each in file.objects if isinstance(each, pikepdf.Dictionary))


def test_pdf(write: Callable[..., bytes]) -> None:
    made = write("pdf", **LOOK)
    with pikepdf.open(io.BytesIO(made)) as file:
        box = [float(each) for each in file.pages[0].mediabox]
        count = len(file.pages)
    assert box[2:] == pytest.approx([148 / 25.4 * 72, 210 / 25.4 * 72], abs=0.1)
    pages = text_of(made)
    for number, page in enumerate(pages, 1):
        assert 'Sec"ret \\ Torture <b>&' in page
        assert f"{number} of {count}" in page
    assert "DejaVu-Serif" in fonts_of(made)


def test_no_look_no_sheet(make_document: Make) -> None:

    plain = style.of(options.defaults("pdf"), make_document("x"), "pdf")
    profile = profiles.load("article")
    assert plain == style.PLAIN
    assert print_css.sheets(plain, profile, profile.print_css) == list(profile.print_css)
    assert print_css.added(plain, profile) == []
    assert print_css.media(plain, profile) == {}


def test_long_documents_look_the_same(make_document: Make, write: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Printed in sections, each page has size, running lines, numbers and watermark like one printed in one piece."""
    text = "An introduction.\n\n" + "\n".join(chapter(number) for number in range(1, 6))
    monkeypatch.setattr(sections, "LONG", 3)
    monkeypatch.setattr(sections, "SHORTEST_CHAPTER", 0.1)
    monkeypatch.setattr(sections, "SECTION", 1)
    made = write("pdf", make_document(text), **LOOK)
    pages = text_of(made)
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"{number} of {len(pages)}" in page and 'Sec"ret' in page
    with pikepdf.open(io.BytesIO(made)) as file:
        assert {tuple(round(float(each)) for each in page.mediabox) for page in file.pages} == {(0, 0, 420, 595)}


def test_watermark_is_on_each_page(write: Callable[..., bytes], tmp_path: Path) -> None:
    """Its colour covers far more of a page than without it."""
    shades = []
    for watermark in ("", "DRAFT"):
        (tmp_path / "a.pdf").write_bytes(write("pdf", watermark=watermark))
        subprocess.run(["pdftoppm", "-r", "20", "-gray", tmp_path / "a.pdf", tmp_path / "p"], check=True)
        pages = [file.read_bytes()[15:] for file in sorted(tmp_path.glob("p-*.pgm"))]
        shades.append([sum(0xE4 <= byte <= 0xF0 for byte in page) for page in pages])
    assert all(after > before + 150 for before, after in zip(*shades, strict=True))


@pytest.mark.parametrize("variant", ["", "pdf/a-2b", "pdf/a-3u", "pdf/a-3a", "pdf/ua-1"])
def test_variants_hold(variant: str, write: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(write("pdf", pdf_variant=variant, **LOOK))
    profile = {"": "ua1", "pdf/ua-1": "ua1"}.get(variant, variant[-2:])
    assert failures([f"{profile}={path}"]) == {f"{profile}={path}": []}


def test_docx(write: Callable[..., bytes]) -> None:
    made = write("docx", **LOOK)
    file = docx.Document(io.BytesIO(made))
    section = file.sections[0]
    assert round(section.page_width.mm) == 148 and round(section.left_margin.mm) == 15 and round(section.top_margin.mm) == 20
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        header, footer, styles = (archive.read(f"word/{name}").decode() for name in ("header1.xml", "footer1.xml", "styles.xml"))
    assert 'Sec"ret \\ <' in header and ">Torture &lt;b" in header and 'string="DRAFT"' in header
    assert " PAGE " in footer and " NUMPAGES " in footer
    assert '"DejaVu Serif"' in styles and 'w:sz w:val="24"' in styles


def test_epub_has_the_font_and_the_alignment(torture: Document, conversion: Convert, engines: Engines) -> None:
    written = WRITERS["epub"].write(torture, conversion("epub", **LOOK), engines)
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        css = archive.read("EPUB/styles/article.css").decode()
    assert '"DejaVu Serif"' in css and "text-align: start" in css


@pytest.mark.parametrize("text", ['"} * { color: red', "\\", "a\nb", "</style><script>", "/* x", "\u2028", "𝔘{}"])
def test_strings_stay_strings(text: str) -> None:
    tokens = tinycss2.parse_component_value_list(print_css.quoted(text))
    assert [(token.type, token.value) for token in tokens] == [("string", text)]
    assert not re.search(r'[<>{}\n]|"."', print_css.quoted(text)[1:-1])


def test_lines() -> None:
    texts = {"title": "T", "author": ""}
    assert running_lines.line("a {title} | {page}", texts, "middle") == {
        "left": (Part("a "), Part("T")), "middle": (), "right": (Part(number="page"),),
    }  # fmt: skip
    assert running_lines.line("none", texts, "left") == {"left": (), "middle": (), "right": ()}
    assert running_lines.line("x", texts, "middle")["middle"] == (Part("x"),)


def test_fonts_are_those_that_are_there() -> None:
    assert fonts.named("SANS").name == "Noto Sans"
    assert fonts.named("dejavu serif").name == "DejaVu Serif"
    with pytest.raises(ValidationFailed, match="nearest is 'DejaVu Serif'"):
        fonts.named("DejaVu Srif")
    assert json.dumps(sorted(fonts.installed()))
