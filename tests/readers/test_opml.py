"""OPML as a text: outlines become headings and lists, with notes and links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document, Source
from service.model.errors import ColophonError, EmptyDocument, InvalidDocument
from service.pipeline import steps

OUTLINE = """<opml version="2.0"><head><title>Pack</title></head><body>
<outline text="&lt;script&gt;alert(1)&lt;/script&gt;Rope" type="link" url="javascript:alert(1)"/>
<outline text="&lt;img src=x onerror=alert(1)&gt;Lamp" xmlUrl="file:///etc/passwd"/></body></opml>"""
HOSTILE = ("a.opml", OUTLINE.encode)
PACKING = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<opml version="2.0"><head><title>Packing list</title><ownerName>Ida Quist</ownerName></head><body>
<outline text="Bow"/>
<outline text="Boat"><outline text="Rope" _note="Twenty metres.&#10;&#10;New."/><outline text="Sails">
<outline text="Jib"><outline text="Sheet"/></outline></outline></outline>
<outline text="&lt;b&gt;Food&lt;/b&gt; &amp;amp; water" type="link" url="https://food.example/"/>
<outline text="Not this" isComment="true"/></body></opml>"""


def read(text: str, engines: Engines, conversion: Callable[..., Any]) -> Document:
    return steps.read(Source("list.opml", text.encode()), conversion("ast"), engines)


def test_outlines_are_headings_and_lists(engines: Engines, conversion: Callable[..., Any]) -> None:
    document = read(PACKING, engines, conversion)
    assert (document.metadata.title, [each.name for each in document.metadata.authors]) == ("Packing list", ["Ida Quist"])
    shape = [(node["t"], node["c"][0] if node["t"] == "Header" else None, pandoc_ast.text([node])) for node in document.blocks]
    assert [each for each in shape if each[0] == "Header"] == [
        ("Header", 2, "Boat"), ("Header", 3, "Sails"), ("Header", 2, "Food & water"),
    ]  # fmt: skip
    assert [each[2].split() for each in shape if each[0] == "BulletList"] == [
        ["Bow"], ["Rope", "Twenty", "metres.", "New."], ["Jib", "Sheet"],
    ]  # fmt: skip
    assert "Not this" not in pandoc_ast.text(document.blocks)
    assert "https://food.example/" in [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]


def test_feeds_that_are_not_fetched_are_links(engines: Engines, conversion: Callable[..., Any]) -> None:
    text = '<opml><body><outline text="News" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></body></opml>'
    document = read(text, engines, conversion)
    links = [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]
    assert links == ["https://a.example/", "https://a.example/feed"]
    assert "feeds-not-fetched" in [each.code for each in document.notices]


def test_nothing_in_it_runs(engines: Engines, conversion: Callable[..., Any]) -> None:
    document = read(OUTLINE, engines, conversion)
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == []
    assert "script" not in pandoc_ast.text(document.blocks)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<opml><body></body></opml>", EmptyDocument),
        ("<opml><head/></opml>", EmptyDocument),
        ("<opml><body><outline text='a'></body></opml>", InvalidDocument),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;"/></body></opml>', ColophonError),
    ],
)
def test_a_broken_outline_is_refused(
    text: str, kind: type[ColophonError], engines: Engines, conversion: Callable[..., Any]
) -> None:
    with pytest.raises(kind):
        read(text, engines, conversion)
