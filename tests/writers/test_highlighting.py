"""Every style of highlighting, in every format that has colours."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import tinycss2

from service.engines import Engines
from service.engines.pandoc import highlighting
from service.engines.pandoc.process import binary
from service.model.document import Conversion, Document
from service.model.options import HIGHLIGHT_STYLES
from service.style import code_colours
from service.writers import WRITERS
from service.writers.page import code_spans
from tests.writers.test_pdf_variants import failures

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
TEXT = "```python\ndef f(x):  # why\n    return 'a'\n```\n\n    plain\n"
LONG = "```python\n" + "def f(x: int) -> str:  # why\n    return 'a' + f\"{x}\"\n\n" * 6 + "```\n"
STYLES = [name for name in HIGHLIGHT_STYLES if name not in highlighting.PLAIN]


def test_the_styles_are_those_of_pandoc() -> None:
    listed = subprocess.run([binary(), "--list-highlight-styles"], capture_output=True, check=True, text=True)
    assert set(HIGHLIGHT_STYLES) == {*listed.stdout.split(), "none"}


@pytest.mark.parametrize("name", STYLES)
def test_sheet(name: str) -> None:
    theme = highlighting.theme(name)
    assert theme is not None and theme["text-styles"].keys() <= {*code_colours.CLASSES, "Normal"}
    rules = tinycss2.parse_stylesheet(code_colours.css(theme), skip_whitespace=True)
    assert len(rules) > 8 and not [rule for rule in rules if rule.type != "qualified-rule"]


@pytest.mark.parametrize("name", STYLES)
def test_every_format(name: str, make_document: Make, conversion: Convert, engines: Engines) -> None:
    theme = highlighting.asked(name)
    document = make_document(TEXT)
    keyword = theme["text-styles"].get("Keyword", {}).get("text-color") or ""

    def made(target: str) -> bytes:
        return WRITERS[target].write(document, conversion(target, highlight_style=name), engines).data

    html = made("html").decode()
    with zipfile.ZipFile(io.BytesIO(made("epub"))) as file:
        css = file.read("EPUB/styles/article.css").decode()
    with zipfile.ZipFile(io.BytesIO(made("docx"))) as file:
        styles = file.read("word/styles.xml").decode()
    assert f"code.sourceCode span.kw {{ color: {keyword}" in html or not keyword
    assert code_colours.css(theme) in css
    assert keyword.lstrip("#").lower() in styles.lower()
    ground = code_colours.colour(theme, "background-color")
    assert (f"background: {ground}" in css and f'w:fill="{ground[1:]}"' in styles) or not ground


def test_pdf_stays_valid(make_document: Make, conversion: Convert, engines: Engines, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(WRITERS["pdf"].write(make_document(TEXT), conversion("pdf", highlight_style="zenburn"), engines).data)
    assert failures([f"ua1={path}"]) == {f"ua1={path}": []}


def test_a_sealed_worker_is_given_the_style() -> None:
    highlighting.give("of-another-process", {"text-styles": {}})
    assert highlighting.theme("of-another-process") == {"text-styles": {}}
    assert highlighting.theme("pygments") is None and highlighting.theme("none") is None
    assert json.dumps(highlighting.asked("kate"))


def pictures(path: Path) -> Iterator[bytes]:
    with contextlib.closing(pypdfium2.PdfDocument(path)) as file:
        yield from (bytes(page.render(scale=1).buffer) for page in file)


def test_a_page_without_the_spans_that_no_one_sees_looks_alike(
    make_document: Make, conversion: Convert, engines: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def made(name: str, **options: str) -> Path:
        path = tmp_path / name
        path.write_bytes(WRITERS["pdf"].write(make_document(LONG), conversion("pdf", **options), engines).data)
        return path

    def spans(path: Path) -> int:
        with pikepdf.open(path) as file:
            return sum(isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Span" for each in file.objects)

    lean, styled = made("lean.pdf"), made("styled.pdf", css="span.op { color: inherit }")
    monkeypatch.setattr(code_spans, "thin", lambda *_: None)
    whole = made("whole.pdf")
    assert spans(lean) < spans(whole) == spans(styled)
    assert list(pictures(lean)) == list(pictures(whole))
