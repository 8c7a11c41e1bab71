"""EPUB: validated by epubcheck, read back from the zip, the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service import inspect
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata
from service.writers import epub

SPACES = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/", "h": "http://www.w3.org/1999/xhtml"}
Make = Callable[..., Document]
Convert = Callable[..., Conversion]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        return {name: archive.read(name) for name in archive.namelist()}


def package(files: dict[str, bytes]) -> etree._Element:
    return etree.fromstring(files["EPUB/content.opf"])


def chapter(files: dict[str, bytes]) -> etree._Element:
    return etree.fromstring(files["EPUB/text/ch001.xhtml"])


def test_validator_finds_nothing(
    torture: Document,
    make_document: Make,
    conversion: Convert,
    engines: Engines,
    epubcheck: Callable[..., dict[str, list[str]]],
    tmp_path: Path,
) -> None:
    words = Metadata(title="字", lang="zh-Hans", date="last week", doi="10.1000/1", isbn="978-3-16-148410-0")
    documents = {
        "torture": (torture, conversion("epub")),
        "toc": (torture, conversion("epub", toc=True, number_sections=True, embed_source=False)),
        "bare": (make_document("", Metadata(title="", lang="")), conversion("epub")),
        "arabic": (make_document("## قسم\n\nنص", Metadata(title="عنوان", lang="ar")), conversion("epub")),
        "words": (make_document("text", words), conversion("epub")),
    }  # fmt: skip
    for name, (document, options) in documents.items():
        (tmp_path / f"{name}.epub").write_bytes(epub.write(document, options, engines).data)
    found = epubcheck(sorted(tmp_path.glob("*.epub")))
    assert len(found) == len(documents)
    assert not any(found.values()), found


def test_package_metadata(torture: Document, conversion: Convert, engines: Engines) -> None:
    top = package(parts(epub.write(torture, conversion("epub"), engines).data))

    def texts(path: str) -> list[str]:
        return [str(found) for found in top.xpath(f"{path}/text()", namespaces=SPACES)]  # type: ignore[union-attr]

    metadata = torture.metadata
    assert texts("//dc:title") == [metadata.title, metadata.subtitle]
    assert texts("//dc:creator") == ["甲 & 乙", "Jane Roe"]
    assert texts("//dc:contributor") == ["Max"]
    assert texts("//o:meta[@property='file-as']") == ["Roe, Jane"]
    assert texts("//dc:source") == [metadata.source_url, metadata.source_name]
    assert texts("//dc:date") == [metadata.date]
    assert texts("//dc:subject") == ["one", "two, three", "tests"]
    assert texts("//dc:language") == ["en"]
    assert texts("//o:meta[@property='belongs-to-collection']") == ["Series"]
    assert texts("//o:meta[@property='dcterms:modified']") == ["2025-10-06T19:16:36Z"]
    assert texts("//o:meta[@property='colophon:fetched_at']") == [metadata.fetched_at]
    assert texts("//o:meta[@property='colophon:nested']") == ['{"a":[1,null]}']
    assert texts("//o:meta[@property='schema:accessibilityFeature'][.='MathML']")
    assert top.xpath("//o:item[@properties='cover-image']/@href", namespaces=SPACES) == ["media/cover.png"]


def test_record_and_source_are_linked_and_whole(torture: Document, conversion: Convert, engines: Engines) -> None:
    files = parts(epub.write(torture, conversion("epub"), engines).data)
    links = package(files).xpath("//o:link/@href", namespaces=SPACES)
    assert links == ["colophon.json", "source.md"]
    assert files["EPUB/source.md"] == torture.source.data
    assert json.loads(files["EPUB/colophon.json"])
    without = parts(epub.write(torture, conversion("epub", embed_source=False), engines).data)
    assert "EPUB/source.md" not in without


def test_one_h1_and_still_content(torture: Document, conversion: Convert, engines: Engines) -> None:
    top = chapter(parts(epub.write(torture, conversion("epub"), engines).data))
    assert top.xpath("count(//h:h1)", namespaces=SPACES) == 1
    assert top.xpath("//h:h2//text()", namespaces=SPACES) == ["First & <second>"]
    assert not top.xpath("//h:input | //h:script | //h:iframe | //h:style", namespaces=SPACES)
    assert top.xpath("//h:aside//h:a[@role='doc-backlink']/@href", namespaces=SPACES) == ["#fnref1"]


def test_same_bytes_each_time(torture: Document, conversion: Convert, engines: Engines) -> None:
    first = epub.write(torture, conversion("epub"), engines).data
    assert first == epub.write(torture, conversion("epub"), engines).data


def test_identifier_follows_the_article(torture: Document, conversion: Convert, engines: Engines) -> None:
    def identifier(document: Document) -> str:
        top = package(parts(epub.write(document, conversion("epub"), engines).data))
        return str(top.xpath("string(//dc:identifier)", namespaces=SPACES))

    edited = replace(torture, metadata=replace(torture.metadata, title="New title"))
    moved = replace(torture, metadata=replace(torture.metadata, source_url="https://example.org/other"))
    assert identifier(torture) == identifier(edited) != identifier(moved)


@pytest.mark.parametrize("toc", [False, True])
def test_contents_are_read_only_when_asked_for(torture: Document, conversion: Convert, engines: Engines, toc: bool) -> None:
    top = package(parts(epub.write(torture, conversion("epub", toc=toc), engines).data))
    assert ("nav" in top.xpath("//o:itemref/@idref", namespaces=SPACES)) is toc  # type: ignore[operator]


def test_long_articles_are_split_at_sections(make_document: Make, conversion: Convert, engines: Engines) -> None:
    text = "\n\n".join(f"## Section {number}\n\n" + "word " * 9000 for number in range(6))
    names = [name for name in parts(epub.write(make_document(text), conversion("epub"), engines).data) if "/text/ch" in name]
    assert len(names) > 1


@pytest.mark.parametrize("kind", ["dictionary", "edupub", "Index", "preview"])
def test_a_type_that_promises_parts_is_kept_without_the_promise(
    kind: str, make_document: Make, conversion: Convert, engines: Engines, epubcheck: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(
        epub.write(make_document("Text.", Metadata(title="T", lang="en", type=kind)), conversion("epub"), engines).data
    )
    assert epubcheck([path]) == {str(path): []}
    found = package(parts(path.read_bytes()))
    assert found.find(".//{*}type") is None
    assert [each.text for each in found.iter("{*}meta") if each.get("property") == "colophon:type"] == [kind]
    assert inspect.inspect(path.read_bytes())["metadata"]["type"] == kind


def test_any_other_type_is_in_dublin_core(make_document: Make, conversion: Convert, engines: Engines) -> None:
    made = epub.write(make_document("Text.", Metadata(title="T", lang="en", type="Essay")), conversion("epub"), engines).data
    assert package(parts(made)).findtext(".//{*}type") == "Essay"
