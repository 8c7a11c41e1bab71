"""PDF: opened again with pikepdf and pypdfium2; nothing that WeasyPrint says goes unnoticed."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest

from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.model.errors import ValidationFailed
from service.pipeline import steps
from service.writers import pdf
from service.writers.pdf import variants

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
CHINESE = Metadata(
    title="题记 | 一个标题", lang="zh-Hans", source_name="某报", date="2024-11-21", source_url="https://example.org/a?b=1&c=2"
)


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)
    finally:
        pages.close()


def outline_of(data: bytes) -> list[tuple[int, str]]:
    with pikepdf.open(io.BytesIO(data)) as file, file.open_outline() as outline:
        return list(levels(outline.root))


def levels(items: list[pikepdf.OutlineItem], level: int = 0) -> list[tuple[int, str]]:
    found = []
    for item in items:
        found.append((level, item.title))
        found += levels(list(item.children), level + 1)
    return found


def test_page_says_what_the_metadata_say(make_document: Make, conversion: Convert, engines: Engines) -> None:
    document = make_document("## 第一节\n\n正文里有“引号”。\n\n### 小节\n\n最后一句话。", CHINESE)
    written = pdf.write(document, conversion("pdf"), engines)
    assert not written.notices
    text = text_of(written.data).replace("： ", "：")
    for part in ("题记 | 一个标题", "来源：某报", "2024年11月21日", "https://example.org/a?b=1&c=2", "“引号”", "最后一句话。"):
        assert part in text
    assert outline_of(written.data) == [(0, CHINESE.title), (1, "第一节"), (2, "小节")]


def test_document_is_tagged_and_titled(make_document: Make, conversion: Convert, engines: Engines) -> None:
    with pikepdf.open(io.BytesIO(pdf.write(make_document("正文", CHINESE), conversion("pdf"), engines).data)) as file:
        assert str(file.Root.Lang) == "zh-Hans"
        assert file.Root.MarkInfo.Marked
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert str(file.docinfo["/Title"]) == CHINESE.title
        assert set(file.attachments) == {"colophon.json", "source.md"}
        assert file.attachments["source.md"].get_file().read_bytes() == "正文".encode()


def test_fonts_are_embedded(torture: Document, conversion: Convert, engines: Engines) -> None:
    with pikepdf.open(io.BytesIO(pdf.write(torture, conversion("pdf"), engines).data)) as file:
        fonts = [each for each in file.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"]
        assert len(fonts) > 3
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in fonts)


def test_same_input_gives_the_same_bytes(torture: Document, conversion: Convert, engines: Engines) -> None:
    first, second = (pdf.write(torture, conversion("pdf"), engines).data for _ in range(2))
    assert first == second
    assert pdf.write(replace(torture, blocks=torture.blocks[:1]), conversion("pdf"), engines).data != first


@pytest.mark.parametrize("asked", ["PDF/A-3u", "pdf/a-3u", "a-3u", "PDFA-3U"])
def test_variant_in_any_spelling(asked: str) -> None:
    assert variants.of(asked)[0] == "pdf/a-3u"


@pytest.mark.parametrize("asked", ["pdf/a-1b", "pdf/a-9z", "1.7", "pdf/x-4"])
def test_unknown_variant_is_refused_with_the_known_ones(asked: str) -> None:
    with pytest.raises(ValidationFailed, match="pdf/a-3u") as caught:
        variants.of(asked)
    assert caught.value.places[0].pointer == "/pdf_variant"


def test_characters_without_glyphs_are_reported(make_document: Make, conversion: Convert, engines: Engines) -> None:
    written = pdf.write(make_document("A \U000f1234 private sign", CHINESE), conversion("pdf"), engines)
    (reported,) = written.notices
    assert reported.code == "text-without-glyphs"
    assert "U+F1234" in reported.message and reported.data["characters"] == "\U000f1234"
    with pikepdf.open(io.BytesIO(written.data)) as file:
        assert b"pdfuaid:part" not in file.Root.Metadata.read_bytes()


def test_accessibility_is_claimed_where_it_holds(torture: Document, conversion: Convert, engines: Engines) -> None:
    with pikepdf.open(io.BytesIO(pdf.write(torture, conversion("pdf"), engines).data)) as file:
        assert b"<pdfuaid:part>1<" in file.Root.Metadata.read_bytes()


def test_formula_is_a_picture_with_its_tex(make_document: Make, conversion: Convert, engines: Engines) -> None:
    written = pdf.write(make_document(r"Text $\frac{a}{b}$ and $\undefinedcommand$."), conversion("pdf"), engines)
    assert [each.code for each in written.notices] == ["math-unreadable"]
    with pikepdf.open(io.BytesIO(written.data)) as file:
        spoken = [str(each.Alt) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert r"\frac{a}{b}" in spoken
    assert r"\undefinedcommand" in text_of(written.data)


@pytest.mark.parametrize(
    ("heading", "shown"),
    [("Größe", "Größe"), ("速度", "速度"), ("{漢字|かんじ} here", "漢字(かんじ) here"), ("Energy $x^2$", "Energy x2")],
)
def test_contents_have_a_page_for_each_heading(
    heading: str, shown: str, conversion: Callable[..., Conversion], engines: Engines
) -> None:
    text = f"---\ntitle: T\nlang: en\n---\n\nText.\n\n\\newpage\n\n# {heading}\n\nText.\n"
    recipe = conversion("pdf", toc=True)
    made = steps.write(steps.read(Source("a.md", text.encode()), recipe, engines), recipe, "pdf", engines)
    assert not [each for each in made.notices if each.code == "engine-message"]
    first = subprocess.run(["pdftotext", "-layout", "-l", "1", "-", "-"], input=made.data, capture_output=True, check=True).stdout
    (line,) = [each for each in first.decode().splitlines() if "...." in each]
    assert line.split("...")[0].strip(" .") == shown and line.endswith(" 2")
