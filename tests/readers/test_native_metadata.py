"""The metadata in files of other programs: each value is in a field, or in a custom key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from service.readers.office import odt
from tests.readers import markups, office, ooxml

FB2 = """<FictionBook><description><title-info><author><first-name>Ada</first-name><last-name>Vogt</last-name>
<nickname>lamp</nickname><home-page>https://ada.example</home-page></author><book-title>Low tide</book-title><lang>en</lang>
<sequence name="Shores" number="2"><sequence name="North shores" number="1"/></sequence></title-info>
<src-title-info><author><last-name>Fogt</last-name></author><book-title>Ebbe</book-title><lang>de</lang></src-title-info>
<document-info><author><nickname>typist</nickname></author><program-used>Scribe</program-used><src-url>https://a.example</src-url>
<src-url>https://b.example</src-url><src-ocr>Bo</src-ocr><history><p>Set again.</p></history></document-info>
<publish-info><publisher>Bank</publisher><sequence name="Pocket" number="9"/></publish-info>
<custom-info info-type="shelf">three</custom-info><custom-info info-type="shelf">four</custom-info></description>
<body><section><p>Text.</p></section></body></FictionBook>"""


def test_fb2(engines: Engines, conversion: markups.Recipe) -> None:
    metadata = markups.read(FB2, "a.fb2", engines, conversion("epub")).metadata
    assert metadata.series is not None and (metadata.series.name, metadata.series.index) == ("Shores", "2")
    assert (metadata.publisher, metadata.source_url) == ("Bank", "https://a.example")
    assert metadata.custom == {
        "other_urls": ["https://b.example"],
        "other_series": [{"name": "North shores", "index": "1"}, {"name": "Pocket", "index": "9"}],
        "original": {"title": "Ebbe", "authors": ["Fogt"], "lang": "de"},
        "nicknames": ["lamp"], "home_pages": ["https://ada.example"], "file_authors": ["typist"], "program": ["Scribe"],
        "ocr_by": ["Bo"], "file_history": ["Set again."], "shelf": ["three", "four"],
    }  # fmt: skip


def test_rtf(engines: Engines, conversion: markups.Recipe) -> None:
    info = r"{\info{\title Low tide}{\comment Draft}{\printim\yr2025\mo3\dy4}{\buptim\yr2025\mo3\dy5\hr6\min7}{\operator Bo}}"
    metadata = markups.read(rf"{{\rtf1{info}Text.\par}}", "a.rtf", engines, conversion("epub")).metadata
    assert metadata.title == "Low tide"
    kept = {"comment": "Draft", "printed_on": "2025-03-04", "backed_up_on": "2025-03-05T06:07", "last_modified_by": "Bo"}
    assert metadata.custom == kept


SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("<dc:publisher>Bank</dc:publisher><dc:rights>Free</dc:rights>", {"publisher": "Bank", "rights": "Free"}),
        ("<dc:coverage>Coast</dc:coverage><dc:relation>Part two</dc:relation>", {"coverage": "Coast", "relation": "Part two"}),
        ("<dc:contributor>Bo</dc:contributor><dc:contributor>Cy</dc:contributor>", {"contributors": ["Bo", "Cy"]}),
        ("<meta:print-date>2025-03-04</meta:print-date>", {"printed_on": "2025-03-04"}),
        ('<dc:title>T</dc:title><meta:user-defined meta:name="title">U</meta:user-defined>', {"title": "T", "user_title": "U"}),
        ('<meta:user-defined meta:name="n" meta:value-type="float">3</meta:user-defined>', {"n": 3}),
        ('<meta:user-defined meta:name="n" meta:value-type="float">x</meta:user-defined>', {"n": "x"}),
        ('<meta:user-defined meta:name="b" meta:value-type="boolean">true</meta:user-defined>', {"b": True}),
        ('<meta:user-defined meta:name="d" meta:value-type="date">2025-03-04</meta:user-defined>', {"d": "2025-03-04"}),
    ],
)  # fmt: skip
def test_odt(entries: str, said: dict[str, Any]) -> None:
    meta = f"<office:document-meta {SPACES}><office:meta>{entries}</office:meta></office:document-meta>"
    data = office.rezipped(office.plain("odt"), {"meta.xml": meta.encode()})
    assert odt._properties(data) == said


def test_epub_refinements(engines: Engines, conversion: markups.Recipe) -> None:
    metadata = (
        '<dc:creator id="a">Ada Vogt</dc:creator><meta refines="#a" property="file-as">Vogt, Ada</meta>'
        '<meta refines="#a" property="role">aut</meta><meta refines="#a" property="alternate-script">アダ</meta>'
        '<dc:title id="t">The lamp</dc:title><meta refines="#t" property="file-as">Lamp, The</meta>'
        '<meta property="belongs-to-collection" id="one">Shores</meta><meta refines="#one" property="group-position">2</meta>'
        '<meta property="belongs-to-collection" id="two">Set</meta><meta refines="#two" property="group-position">7</meta>'
        '<dc:subject id="s">Light</dc:subject><meta refines="#s" property="term">HIS1</meta>'
        '<meta property="dcterms:audience">Keepers</meta><meta property="rendition:layout">reflowable</meta>'
        '<meta name="calibre:rating" content="8"/><meta name="cover" content="x"/>'
    )
    document = office.read(office.book("<p>Text.</p>", metadata=metadata), "epub", engines, conversion("epub"))
    said = document.metadata
    assert [(each.name, each.sort) for each in said.authors] == [("Ada Vogt", "Vogt, Ada")]
    assert said.series is not None and (said.series.name, said.series.index) == ("Shores", "2")
    assert said.custom == {
        "other_titles": ["The lamp"],
        "other_collections": ["Set"],
        "refinements": [
            {"of": "Ada Vogt", "alternate-script": "アダ"},
            {"of": "The lamp", "file-as": "Lamp, The"},
            {"of": "Set", "group-position": "7"},
            {"of": "Light", "term": "HIS1"},
        ],
        "dcterms:audience": "Keepers",
        "calibre:rating": "8",
    }


def test_presentation(engines: Engines, conversion: markups.Recipe) -> None:
    data = ooxml.presentation(ooxml.shape(ooxml.line("Sand"), "title"))
    core = office.part(data, "docProps/core.xml")
    own = "<cp:lastModifiedBy>Bo</cp:lastModifiedBy><cp:contentStatus>Draft</cp:contentStatus>"
    assert "xmlns:cp=" in core
    data = office.rezipped(
        data, {"docProps/core.xml": core.replace("</cp:coreProperties>", own + "</cp:coreProperties>").encode()}
    )
    custom = markups.read(data, "a.pptx", engines, conversion("epub")).metadata.custom
    assert custom == {"last_modified_by": "Bo", "content_status": "Draft"}


FULL = """---
title: Lamps
subtitle: And oil
author: [Ada Vogt, {name: Bo Lee, affiliation: North Bank, role: trl}]
date: 2024-03-04
modified: 2024-04
lang: en
source: The Paper
url: https://lamps.example/a?b=1&c=2
series: {name: S & T, index: 2.5}
doi: 10.1000/xyz
license: CC-BY-4.0
fetch_date: 2024-05-06
shelf: {row: 2, "a b": [1, "2", 3.5, true, null, {}], 名: 灯}
---

Text of a lamp.
"""


@pytest.mark.parametrize("target", ["epub", "docx"])
def test_lines_below_a_title_are_no_missing_text(engines: Engines, conversion: markups.Recipe, target: str) -> None:
    recipe = conversion(target, embed_source=False)
    article = steps.read(Source("a.md", FULL.encode()), recipe, engines)
    made = steps.write(article, recipe, target, engines).data
    again = steps.read(Source(f"a.{target}", made), recipe, engines)
    assert "text-missing" not in {each.code for each in again.notices}
    assert " ".join(pandoc_ast.text(again.blocks).split()) == "Text of a lamp."
    assert replace(again.metadata, front_matter={}) == replace(article.metadata, front_matter={})
