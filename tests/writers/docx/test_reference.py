"""A Word template of the caller: its styles, page, headers, theme and numbering are applied, a hostile one is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from service import cli
from service.containers.packages import pack
from service.engines import Engines
from service.model.document import Artifact, Asset, Conversion, Source
from service.model.errors import ValidationFailed
from service.pipeline import steps
from tests.writers.docx import house_template as house
from tests.writers.docx.conftest import SPACES, Opened

TEXT = """---
title: Tides
lang: en
---

# The sill

First.

More.

## Hours

Second, with [a link](https://shore.example/).

> Quoted.

```
code
```

> [!NOTE]
> Noted.
"""
Make = Callable[..., Conversion]


def made(engines: Engines, recipe: Make, template: bytes, name: str = "house.docx", **options: object) -> Artifact:
    source = Source("a.md", TEXT.encode(), assets=(Asset(name, template),))
    conversion = recipe("docx", reference=name, **options)
    return steps.write(steps.read(source, conversion, engines), conversion, "docx", engines)


def look(docx: Opened, path: str) -> list[str]:
    """The result of an XPath in the styles."""
    return [str(each) for each in etree.fromstring(docx.parts["word/styles.xml"]).xpath(path, namespaces=SPACES)]


def test_each_style_is_the_one_of_the_template(engines: Engines, conversion: Make) -> None:
    docx = Opened(made(engines, conversion, house.template()).data)
    for name, _, kind, _, colour, size, _ in house.STYLES:
        style = f"//w:style[@w:type='{kind}'][w:name/@w:val='{name}']/w:rPr"
        assert look(docx, f"{style}/w:color/@w:val") == [colour]
        assert look(docx, f"{style}/w:sz/@w:val") == [str(size)]
    assert {"Heading1", "Heading2", "FirstParagraph", "BodyText", "BlockText", "SourceCode"} <= set(docx.styles())
    assert look(docx, "//w:style[@w:styleId='Heading1']/w:name/@w:val") == ["heading 1"]


def test_a_style_that_the_template_lacks_follows_one_that_it_has(engines: Engines, conversion: Make) -> None:
    docx = Opened(made(engines, conversion, house.template()).data)
    for name, leader in (("FirstParagraph", "BodyText"), ("BlockText", "Zitat"), ("Heading3", "Heading2")):
        assert look(docx, f"//w:style[@w:styleId='{name}']/w:basedOn/@w:val") == [leader]
    assert look(docx, "//w:style[@w:styleId='Heading3']/w:pPr/w:outlineLvl/@w:val") == ["2"]
    based = set(look(docx, "//w:basedOn/@w:val"))
    assert based <= set(look(docx, "//w:style/@w:styleId"))


def test_page_header_and_theme_are_those_of_the_template(engines: Engines, conversion: Make) -> None:
    docx = Opened(made(engines, conversion, house.template()).data)
    assert docx.find("//w:sectPr/w:pgSz/@w:w") == ["12240"]
    (reference,) = docx.find("//w:sectPr/w:headerReference/@r:id")
    relations = etree.fromstring(docx.parts["word/_rels/document.xml.rels"])
    (target,) = (each.get("Target") for each in relations if each.get("Id") == reference)
    header = docx.parts[f"word/{target}"].decode()
    assert "Tides" in header and "{title}" not in header and 'w:val="Header"' in header
    (picture,) = (name for name in docx.parts if name.startswith("word/media/"))
    assert docx.parts[picture] == house.LOGO.read_bytes()
    assert b"DejaVu Serif" in docx.parts["word/theme/theme1.xml"]
    assert b"evenAndOddHeaders" in docx.parts["word/settings.xml"]
    assert "Write here." not in docx.parts["word/document.xml"].decode()


def test_headings_are_numbered_as_the_template_numbers_them(engines: Engines, conversion: Make) -> None:
    docx = Opened(made(engines, conversion, house.template()).data)
    (number,) = look(docx, "//w:style[@w:styleId='Heading1']/w:pPr/w:numPr/w:numId/@w:val")
    numbering = etree.fromstring(docx.parts["word/numbering.xml"])
    (abstract,) = numbering.xpath(f"//w:num[@w:numId='{number}']/w:abstractNumId/@w:val", namespaces=SPACES)  # type: ignore[misc]
    texts = numbering.xpath(f"//w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl/w:lvlText/@w:val", namespaces=SPACES)
    assert texts == ["§ %1", "%1.%2"]


def test_the_report_names_the_styles(engines: Engines, conversion: Make) -> None:
    artifact = made(engines, conversion, house.template(), font_size="14")
    (data,) = (each.data for each in artifact.notices if each.code == "reference-styles")
    assert {"Title", "heading 1", "Body Text", "Source Code"} <= set(data["used"])
    assert data["derived"]["First Paragraph"] == "Body Text"
    assert "Callout Note Title" in data["missing"]
    assert {"heading 1", "Body Text"} <= set(data["overridden"])
    (data,) = (each.data for each in made(engines, conversion, house.template()).notices if each.code == "reference-styles")
    assert data["overridden"] == []


def test_the_open_xml_sdk_finds_nothing(
    engines: Engines, conversion: Make, open_xml: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "a.docx").write_bytes(made(engines, conversion, house.template(), toc=True).data)
    assert open_xml(tmp_path / "a.docx") == []


def test_a_template_of_word_templates(engines: Engines, conversion: Make) -> None:
    types = house.template_part("[Content_Types].xml").replace(b"document.main", b"template.main")
    docx = Opened(made(engines, conversion, house.template({"[Content_Types].xml": types}), "house.dotx").data)
    assert look(docx, "//w:style[w:name/@w:val='Title']/w:rPr/w:color/@w:val") == ["8A1538"]
    assert b"template.main" not in docx.parts["[Content_Types].xml"]


def field(text: str) -> bytes:
    return f"<w:hdr {house.W}><w:p><w:r><w:instrText>{text}</w:instrText></w:r></w:p></w:hdr>".encode()


HOSTILE: dict[str, dict[str, bytes | None]] = {
    "macros": {"word/vbaProject.bin": b"x"},
    "outside the file": {"word/_rels/header3.xml.rels": house.relations({"rId1": ("image", "http://evil.example/a.png")})},
    "attachedTemplate": {"word/_rels/settings.xml.rels": house.relations({"rId1": ("attachedTemplate", "file:///a.dotm")})},
    "oleObject": {"word/_rels/header3.xml.rels": house.relations({"rId1": ("oleObject", "a.bin")}, outside=False)},
    "aFChunk": {"word/_rels/header3.xml.rels": house.relations({"rId1": ("aFChunk", "a.html")}, outside=False)},
    "fetches": {"word/header3.xml": field('INCLUDEPICTURE "http://evil.example/a.png"')},
    "DDEAUTO": {"word/header3.xml": field("DDEAUTO c:\\\\cmd.exe")},
    "entities": {"word/header3.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + field("PAGE")},
    "no XML": {"word/header3.xml": b"<w:hdr"},
    "document and styles": {"word/styles.xml": None},
    "no page": {"word/document.xml": f"<w:document {house.W}><w:body/></w:document>".encode()},
}


@pytest.mark.parametrize("problem", HOSTILE)
def test_a_hostile_template_is_refused(engines: Engines, conversion: Make, problem: str) -> None:
    with pytest.raises(ValidationFailed, match=problem) as error:
        made(engines, conversion, house.template(HOSTILE[problem]))
    assert error.value.places[0].pointer == "/reference"


@pytest.mark.parametrize("name", ["house.docx", "house.docm", "house.txt"])
def test_what_is_no_template_is_refused(engines: Engines, conversion: Make, name: str) -> None:
    with pytest.raises(ValidationFailed, match=name):
        made(engines, conversion, b"not a zip", name)


def test_a_template_that_was_not_sent_is_refused(engines: Engines, conversion: Make) -> None:
    recipe = conversion("docx", reference="gone.docx")
    with pytest.raises(ValidationFailed, match="was not uploaded"):
        steps.write(steps.read(Source("a.md", b"Text."), recipe, engines), recipe, "docx", engines)


def test_a_book_has_the_template_as_well(engines: Engines, conversion: Make) -> None:
    archive = Source(
        "a.zip", pack({"a.md": b"# A\n\nText.", "b.md": b"# B\n\nText."}), assets=(Asset("h.dotx", house.template()),)
    )
    recipe = conversion("docx", combine=True, reference="h.dotx")
    docx = Opened(steps.write(steps.read(archive, recipe, engines), recipe, "docx", engines).data)
    assert look(docx, "//w:style[w:name/@w:val='heading 1']/w:rPr/w:color/@w:val") == ["8A1538"]


def test_the_command_line_takes_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT)
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "house.docx").write_bytes(house.template())
    argv = ["convert", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.docx"), "--reference", str(tmp_path / "styles/house.docx")]
    result = CliRunner().invoke(cli.cli, argv)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a.docx").read_bytes())) as docx:
        assert b"8A1538" in docx.read("word/styles.xml")
