"""Fonts of a conversion in the files: what sets which part, what is embedded, what is only named, and what is reported."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from service.conversion.in_process import InProcessConverter
from service.model.document import Artifact, Asset, Source
from service.model.errors import ValidationFailed
from service.model.font_files import FOLDER
from service.model.settings import Settings
from tests import made_fonts

ARTICLE = """---
title: Lamps and tides
author: Ida Quist
lang: en
---

## The lamp

The keeper lit it at **dusk**, *always* at dusk. `light(1)`

```python
light(number=1)
```
"""
Convert = Callable[..., list[Artifact]]


@pytest.fixture(scope="module")
def convert(settings: Settings, conversion: Callable[..., Any]) -> Any:
    with InProcessConverter(settings) as converter:

        def made(to: str, fonts: Mapping[str, bytes], article: str = ARTICLE, **options: Any) -> Artifact:
            assets = tuple(Asset(f"{FOLDER}/{name}", data) for name, data in fonts.items())
            outcome, _ = converter.convert(Source("lamps.md", article.encode(), assets=assets), conversion(to, **options))
            return outcome.artifacts[0]

        yield made


def pdf_fonts(data: bytes) -> dict[str, bytes]:
    """Family → the font file in the PDF."""
    found = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
                stream = next(each[name] for name in ("/FontFile2", "/FontFile3") if name in each)
                found[str(each.FontFamily)] = bytes(stream.read_bytes())
    return found


def epub_fonts(data: bytes) -> dict[str, TTFont]:
    """Family by the style sheet → its font."""
    book = zipfile.ZipFile(io.BytesIO(data))
    css = book.read("EPUB/styles/article.css").decode()
    rules = re.findall(r'@font-face \{ font-family: "([^"]+)"; ([^}]*); src: url\(\.\./([^)]+)\) \}', css)
    return {f"{family} {look}": TTFont(io.BytesIO(book.read(f"EPUB/{name}"))) for family, look, name in rules}


def codes(artifact: Artifact) -> list[str]:
    return [each.code for each in artifact.notices if each.code.startswith("font-")]


FILES = {
    "text.ttf": made_fonts.data("Harbour"),
    "text-bold.ttf": made_fonts.data("Harbour", style="Bold", weight=700),
    "text-italic.ttf": made_fonts.data("Harbour", style="Italic", italic=True),
    "head.otf": made_fonts.data("Quay", cff=True),
    "code.woff2": made_fonts.packed(made_fonts.font("Rope", mono=True), "woff2"),
}


def test_each_family_has_its_part_of_a_pdf(convert: Convert) -> None:
    made = convert("pdf", FILES)
    assert {"Harbour", "Quay", "Rope"} <= set(pdf_fonts(made.data))
    assert codes(made) == []


def test_options_choose_families_and_files(convert: Convert) -> None:
    made = convert("pdf", FILES, font="head.otf", heading_font="harbour", code_font="Rope")
    assert {"Harbour", "Quay", "Rope"} <= set(pdf_fonts(made.data))
    made = convert("pdf", FILES, font="Harbour", heading_font="sans", code_font="mono")
    assert not {"Quay", "Rope"} & set(pdf_fonts(made.data))
    assert codes(made) == ["font-unused"]


def test_an_epub_embeds_what_its_text_needs(convert: Convert) -> None:
    made = convert("epub", FILES)
    fonts = epub_fonts(made.data)
    assert {name.split(" font")[0] for name in fonts} == {"Harbour", "Quay", "Rope"}
    assert len(fonts) == len(FILES)
    for font in fonts.values():
        assert ord("d") in font.getBestCmap()
        assert ord("é") not in font.getBestCmap()  # no character of the article


def test_a_docx_names_them(convert: Convert) -> None:
    made = convert("docx", FILES)
    styles = zipfile.ZipFile(io.BytesIO(made.data)).read("word/styles.xml").decode()

    def font_of(style: str) -> str:
        block = re.search(rf'<w:style [^>]*w:styleId="{style}".*?</w:style>', styles, re.S)
        assert block
        return re.findall(r'<w:rFonts[^>]*w:ascii="([^"]+)"', block[0])[0]

    assert (font_of("Heading1"), font_of("Title"), font_of("SourceCode")) == ("Quay", "Quay", "Rope")
    assert re.findall(r'<w:docDefaults>.*?w:ascii="([^"]+)"', styles, re.S) == ["Harbour"]


def test_html_names_them(convert: Convert) -> None:
    text = convert("html", FILES).data.decode()
    assert 'body { font-family: "Harbour"' in text
    assert "@font-face" not in text


def test_a_restricted_font_is_not_embedded(convert: Convert) -> None:
    restricted = {"text.ttf": made_fonts.data("Harbour", licence=made_fonts.RESTRICTED)}
    made = convert("pdf", restricted)
    assert "Harbour" not in pdf_fonts(made.data)
    assert codes(made) == ["font-not-embedded"]
    made = convert("epub", restricted)
    assert epub_fonts(made.data) == {}
    assert codes(made) == ["font-not-embedded"]


def test_a_font_for_print_is_in_a_pdf_and_not_in_an_epub(convert: Convert) -> None:
    """A reader of the EPUB can take the font out of it; the level allows to print and to view."""
    files = {"text.ttf": made_fonts.data("Harbour", licence=made_fonts.PRINT)}
    assert "Harbour" in pdf_fonts(convert("pdf", files).data)
    made = convert("epub", files)
    assert epub_fonts(made.data) == {}
    assert codes(made) == ["font-not-embedded"]


@pytest.mark.parametrize("cff", [False, True], ids=["ttf", "otf"])
def test_a_font_that_must_not_be_cut_is_whole(cff: bool, convert: Convert) -> None:
    files = {"text.ttf": made_fonts.data("Harbour", cff=cff, licence=made_fonts.NOT_SUBSET)}
    free = {"text.ttf": made_fonts.data("Harbour", cff=cff)}
    (font,) = epub_fonts(convert("epub", files).data).values()
    assert set(map(ord, made_fonts.LETTERS)) == set(font.getBestCmap())
    whole, cut = (pdf_fonts(convert("pdf", each).data)["Harbour"] for each in (files, free))
    assert len(whole) > len(cut)


def test_missing_characters_come_from_the_profile(convert: Convert) -> None:
    made = convert("pdf", {"text.ttf": made_fonts.data("Harbour")}, article=ARTICLE + "\n\nMore: 灯塔 Ω Ж\n")
    assert "text-without-glyphs" not in [each.code for each in made.notices]
    assert len(pdf_fonts(made.data)) > 1


def test_emphasis_stays_visible_with_one_face(convert: Convert) -> None:
    made = convert("pdf", {"text.ttf": made_fonts.data("Harbour")})
    assert "Noto Serif" in pdf_fonts(made.data)
    assert codes(made) == ["font-face-missing"]


def test_a_style_sheet_names_them(convert: Convert) -> None:
    """A family that no part of the text has is known to the style sheet all the same."""
    made = convert("pdf", FILES, font="Harbour", heading_font="sans", code_font="mono", css='p { font: 12pt "Quay" }')
    assert "Quay" in pdf_fonts(made.data)
    made = convert("epub", FILES, font="Harbour", heading_font="sans", css="p, h2 { font-family: Quay, serif }")
    assert "Quay" in {name.split(" font")[0] for name in epub_fonts(made.data)}


def test_the_next_conversion_does_not_see_them(convert: Convert) -> None:
    """Nor does one with another font of the same name: no width is taken from the first."""
    plain = convert("pdf", {}).data
    narrow, wide = ({"text.ttf": made_fonts.data("Harbour", width=width)} for width in (300, 900))
    first, second = convert("pdf", narrow).data, convert("pdf", wide).data
    assert first != second
    assert convert("pdf", {}).data == plain
    assert convert("pdf", narrow).data == first
    with pytest.raises(ValidationFailed, match="No font 'Harbour' is installed"):
        convert("pdf", {}, font="Harbour")


def test_a_long_document_in_sections_has_them(convert: Convert) -> None:
    text = "The keeper of the lamp walked up the stairs and wrote a long line in the book. " * 12
    article = "---\ntitle: Long\nlang: en\n---\n\n" + "\n\n".join(
        f"## Part {part}\n\n" + (text + "\n\n") * 12 for part in range(12)
    )
    assert "Harbour" in pdf_fonts(convert("pdf", FILES, article=article, profile="book").data)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.ttf", b"junk", "is not a font"),
        ("a.woff2", FILES["code.woff2"][:-100], "is damaged"),
        ("a.otf", FILES["head.otf"][:300], "is damaged"),
    ],
)
@pytest.mark.parametrize("to", ["pdf", "epub", "docx", "html"])
def test_a_damaged_font_is_refused_by_its_name(name: str, data: bytes, said: str, to: str, convert: Convert) -> None:
    with pytest.raises(ValidationFailed, match=said) as refused:
        convert(to, {name: data})
    assert refused.value.places[0].pointer == f"/font/{name}"


def test_too_many_are_refused(convert: Convert) -> None:
    with pytest.raises(ValidationFailed, match="20 font files"):
        convert("docx", {f"{number}.ttf": FILES["text.ttf"] for number in range(21)})
