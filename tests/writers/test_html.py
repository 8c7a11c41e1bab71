"""HTML: one file that needs nothing else and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from lxml import etree, html

from service.engines import Engines
from service.model.document import Conversion, Document
from service.writers import html as writer


@pytest.fixture(scope="module")
def page(torture: Document, conversion: Callable[..., Conversion], engines: Engines) -> etree._Element:
    return html.document_fromstring(writer.write(torture, conversion("html", toc=True), engines).data)


def test_nothing_comes_from_elsewhere(page: etree._Element) -> None:
    for element in page.iter(etree.Element):
        assert element.tag not in ("link", "iframe", "object", "embed", "base", "form")
        assert not [name for name in element.attrib if str(name).startswith("on")]
    sources = [str(each) for each in page.xpath("//@src")]
    assert sources and all(each.startswith("data:image/") for each in sources)
    assert page.xpath("//script/@type") == ["application/json"]
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_record_is_inside(page: etree._Element, torture: Document) -> None:
    record = json.loads(page.xpath("//script[@id='colophon-record']")[0].text)
    assert record["metadata"]["custom"] == dict(torture.metadata.custom)


def test_head_says_what_the_metadata_say(page: etree._Element) -> None:
    named = dict(zip(page.xpath("//meta[@name]/@name"), page.xpath("//meta[@name]/@content"), strict=True))
    assert named["author"] == "甲 & 乙, Jane Roe, Max"
    assert named["dcterms.source"] == "https://example.org/torture?a=1&b=2"
    assert page.get("lang") == "en"


def test_levels_are_right(page: etree._Element) -> None:
    """One h1, the title; formulas as MathML; a list of contents whose targets are there."""
    assert len(page.findall(".//h1")) == 1
    assert page.xpath("//*[local-name()='math']")
    targets = [str(each)[1:] for each in page.xpath("//nav//a/@href")]
    assert targets and set(targets) <= set(page.xpath("//@id"))
