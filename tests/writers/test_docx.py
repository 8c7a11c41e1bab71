"""DOCX: opened with python-docx, read back from the zip, the same bytes each time."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Metadata
from service.writers import docx as writer

ROOT = Path(__file__).resolve().parent.parent.parent
W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
Make = Callable[..., Document]
Convert = Callable[..., Conversion]


@pytest.fixture(scope="module")
def written(torture: Document, conversion: Convert, engines: Engines) -> bytes:
    return writer.write(torture, conversion("docx"), engines).data


@pytest.fixture(scope="module")
def files(written: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_reference_document_is_what_its_script_makes() -> None:
    subprocess.run([sys.executable, str(ROOT / "bin" / "reference-docx"), "--check"], check=True)


def test_real_styles(written: bytes) -> None:
    opened = docx.Document(io.BytesIO(written))
    styles = [paragraph.style.name for paragraph in opened.paragraphs if paragraph.style]
    assert styles[:3] == ["Title", "Subtitle", "Author"]
    assert {"Heading 1", "Heading 2", "Heading 3", "Block Text", "Source Code", "Table Caption", "Image Caption", "Date"} <= set(
        styles
    )
    assert [table.style.name for table in opened.tables if table.style] == ["Table", "Table"]
    section = opened.sections[0]
    assert section.page_width is not None and round(section.page_width.mm) == 210
    assert "Torture" in section.header.paragraphs[0].text


def test_core_properties(written: bytes, torture: Document) -> None:
    core = docx.Document(io.BytesIO(written)).core_properties
    metadata = torture.metadata
    assert core.title == metadata.title
    assert core.subject == metadata.subtitle
    assert core.author == "甲 & 乙; Jane Roe; Max"
    assert core.keywords == "one; two, three"
    assert core.comments == metadata.description
    assert core.language == "en"
    assert core.created is not None and core.created.isoformat() == "2024-11-21T02:20:30+00:00"
    assert core.modified is not None and core.modified.isoformat() == "2025-10-06T19:16:36+00:00"


def test_custom_properties_are_typed(files: dict[str, bytes]) -> None:
    found = {
        entry.get("name"): (etree.QName(entry[0]).localname, entry[0].text)
        for entry in etree.fromstring(files["docProps/custom.xml"])
    }
    assert found["url"] == ("lpwstr", "https://example.org/torture?a=1&b=2")
    assert found["fetch_date"] == ("lpwstr", "2025-10-06T19:16:36.499828")
    assert found["自定义 键"] == ("lpwstr", "值")
    assert found["count"] == ("i4", "3")
    assert found["ratio"] == ("r8", "0.5")
    assert found["draft"] == ("bool", "false")
    assert found["seen"] == ("filetime", "2025-01-02T03:04:05Z")
    assert found["nested"] == ("lpwstr", '{"a":[1,null]}')


def test_record_and_source_are_whole(files: dict[str, bytes], torture: Document) -> None:
    item = etree.fromstring(files["customXml/item1.xml"])
    held = {etree.QName(entry).localname: base64.b64decode(entry.text or "") for entry in item}
    assert held["source"] == torture.source.data
    assert held["record"].startswith(b"{")


def test_nothing_active(files: dict[str, bytes]) -> None:
    assert not [name for name in files if "vba" in name or "comments" in name]
    for name in (name for name in files if name.endswith(".rels")):
        for relation in etree.fromstring(files[name]):
            if relation.get("TargetMode") == "External":
                assert relation.get("Type", "").endswith("/hyperlink")
                assert relation.get("Target", "").startswith(("http://", "https://", "mailto:"))


def test_tables_repeat_their_head_and_images_fit(files: dict[str, bytes]) -> None:
    body = etree.fromstring(files["word/document.xml"])
    assert body.findall(".//w:tblHeader", W)
    assert body.findall(".//w:cantSplit", W)
    widths = [int(extent.get("cx", "0")) for extent in body.iter("{*}extent")]
    assert widths and max(widths) <= 9072 * 635


@pytest.mark.parametrize(
    ("lang", "slots", "font"),
    [
        ("zh-Hans", ("en-US", "zh-CN", "ar-SA"), "SimSun"),
        ("zh-TW", ("en-US", "zh-TW", "ar-SA"), "PMingLiU"),
        ("ja", ("en-US", "ja-JP", "ar-SA"), "Yu Mincho"),
        ("it", ("it", "zh-CN", "ar-SA"), "SimSun"),
        ("ar", ("en-US", "zh-CN", "ar"), "SimSun"),
    ],
)
def test_language(
    make_document: Make, conversion: Convert, engines: Engines, lang: str, slots: tuple[str, str, str], font: str
) -> None:
    document = make_document("text", Metadata(title="t", lang=lang))
    with zipfile.ZipFile(io.BytesIO(writer.write(document, conversion("docx"), engines).data)) as archive:
        defaults = etree.fromstring(archive.read("word/styles.xml")).find("w:docDefaults", W)
    assert defaults is not None
    (tongue,) = defaults.iter("{*}lang")
    space = f"{{{W['w']}}}"
    assert tuple(tongue.get(f"{space}{slot}") for slot in ("val", "eastAsia", "bidi")) == slots
    (fonts,) = defaults.iter("{*}rFonts")
    assert fonts.get(f"{space}eastAsia") == font


def test_links_of_other_kinds_are_undone(make_document: Make, conversion: Convert, engines: Engines) -> None:
    done = writer.write(make_document("[text](file:///etc/passwd) [web](https://example.org)"), conversion("docx"), engines)
    assert [notice.code for notice in done.notices] == ["link-removed"]
    with zipfile.ZipFile(io.BytesIO(done.data)) as archive:
        assert b"passwd" not in archive.read("word/_rels/document.xml.rels")
        assert b">text<" in archive.read("word/document.xml")


def test_same_bytes_each_time(written: bytes, torture: Document, conversion: Convert, engines: Engines) -> None:
    assert written == writer.write(torture, conversion("docx"), engines).data


def test_contents_stand_under_the_title_and_are_filled(
    make_document: Callable[..., Document], conversion: Callable[..., Conversion], engines: Engines
) -> None:
    document = make_document("## 第一节\n\n正文\n\n### 小节\n\n正文", Metadata(title="题记", lang="zh-Hans"))
    data = writer.write(document, conversion("docx", toc=True), engines).data
    body = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")).find("w:body", W)
    assert body is not None
    assert [etree.QName(block).localname for block in body][:2] == ["p", "sdt"]
    assert "".join(map(str, body[1].itertext())).startswith("目录TOC")
    links = {
        link.get(f"{{{W['w']}}}anchor"): "".join(text.text or "" for text in link.iter(f"{{{W['w']}}}t"))
        for link in body[1].iter(f"{{{W['w']}}}hyperlink")
    }
    assert list(links.values()) == ["第一节1", "小节1"]
    instructions = [text.text or "" for text in body[1].iter(f"{{{W['w']}}}instrText")]
    assert [text.split()[:2] for text in instructions[1:]] == [["PAGEREF", anchor] for anchor in links]
    assert set(links) <= {mark.get(f"{{{W['w']}}}name") for mark in body.iter(f"{{{W['w']}}}bookmarkStart")}
