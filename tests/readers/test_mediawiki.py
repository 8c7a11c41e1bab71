"""MediaWiki: categories and magic words, marks that stay open, templates."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.readers import markups

ARTICLE = """\
{{DISPLAYTITLE:Lamps at sea}}
{{Infobox|keeper=Ada}}
'''Lamps''' burn at [[Night|night]].<ref>A note.</ref> __NOTOC__

== First ==
* one [https://lamps.example/ there]
<nowiki>[[Category:Not this]]</nowiki>

<references />
[[Category:Lights]]
[[Category:Sea stories|Lamps]]
"""


def test_categories_and_words(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.wiki", engines, conversion("pdf"))
    assert document.metadata.title == "Lamps at sea"
    assert document.metadata.categories == ("Lights", "Sea stories")
    assert markups.said(document) == "Lamps burn at night. A note. First one there [[Category:Not this]]"
    dropped = next(each for each in document.notices if each.code == "raw-html-dropped")
    assert "keeper=Ada" in dropped.data["removed"]


def test_links_are_those_of_the_wiki(engines: Engines, conversion: markups.Recipe) -> None:
    text = f"---\nurl: https://wiki.example/wiki/Lamps\n---\n\n{ARTICLE}"
    document = markups.read(text, "a.wiki", engines, conversion("pdf"))
    targets = [node["c"][2][0] for node in pandoc_ast.query(document.blocks) if node["t"] == "Link"]
    assert targets == ["https://wiki.example/wiki/Night", "https://lamps.example/"]


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    markups.check_text(engines, conversion, "mediawiki", "a.wiki")
    assert markups.lost("mediawiki", "a.wiki", engines, conversion("pdf")) == ""


@pytest.mark.parametrize("text", ["''a '''b " * 99, "{{a|" * 90, "[[a|" * 90, "[http://a " * 90, "a <ref>b " * 90, "''a\nb''"])
def test_marks_that_stay_open_are_text(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    document = markups.read(text, "a.wiki", engines, conversion("pdf", clean="none"))
    assert "a" in markups.said(document)


@pytest.mark.parametrize("text", ["{|\n|\n" * 20, "*" * 300 + "x", "<!--" * 2000, "<" * 5000])
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.wiki", engines, conversion("pdf"))
