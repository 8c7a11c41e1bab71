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
    assert markups.said(document) == "keeper: Ada Lamps burn at night. A note. First one there [[Category:Not this]]"


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


def test_bold_italics_take_linear_time(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("'''''a''''' b ''''' c ''''' " * 99, "a.wiki", engines, conversion("pdf"))
    assert markups.said(document).split() == ["a", "b", "c"] * 99
    strong = [node for node in pandoc_ast.query(document.blocks) if node["t"] == "Strong"]
    assert len(strong) == 198
    assert all(each["c"][0]["t"] == "Emph" for each in strong)


@pytest.mark.parametrize(
    "text",
    [
        "{|\n|\n" * 20,
        "*" * 300 + "x",
        "<!--" * 2000,
        "<" * 5000,
        '{|\n| colspan="99999999" | a\n|}',
        "a " + "&" * 9000,
        " a\n=" * 999,
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.wiki", engines, conversion("pdf"))


def said(text: str, engines: Engines, conversion: markups.Recipe) -> str:
    document = markups.read(text, "a.wiki", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    return markups.said(document)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A {{lang|de|Leuchtturm}} of {{convert|30|m|ft}}.", "A Leuchtturm of 30 m."),
        ("{{nowrap|Two words}} and {{frobnicate|three|kind=four}}.", "Two words and three, kind: four."),
        (
            "{{Infobox lamp\n| name = The North Lamp\n| height = 30 m\n| image_size = 200px\n}}\nText.",
            "name: The North Lamp height: 30 m Text.",
        ),
        (
            "A lamp.<ref>{{cite book |last=Vogt |first=Ada |title=Lamps |publisher=Quay |year=1999 |pages=3–9}}</ref>",
            "A lamp. Vogt, Ada (1999). Lamps. 3–9. Quay.",
        ),
        ("A lamp.<ref>{{Literatur |Autor=Li Wei |Titel=Seile |Jahr=2001}}</ref>", "A lamp. Li Wei (2001). Seile."),
        ("Outer {{quote|holds {{nowrap|an inner}} one}}.", "Outer holds an inner one."),
        ("Kept <nowiki>{{as it is}}</nowiki>.", "Kept {{as it is}}."),
    ],
)
def test_templates_keep_their_words(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    assert said(text, engines, conversion) == shown


def test_templates_without_words_are_listed(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("A lamp.{{citation needed|date=May 2010}} {{stub}}", "a.wiki", engines, conversion("pdf"))
    assert markups.said(document) == "A lamp."
    dropped = next(each for each in document.notices if each.code == "raw-html-dropped")
    assert dropped.data["templates"] == ["citation needed", "stub"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('A lamp.<ref name="a/b">One.</ref> Tar.<ref name="a/b"/>', "A lamp. One. Tar. One."),
        ("A lamp.<ref name=x />\n\n<references>\n<ref name=x>Defined below.</ref>\n</references>", "A lamp. Defined below."),
        ("* A lamp.<ref>\nOver two\nlines.</ref>\n* Tar.", "A lamp. Over two lines. Tar."),
        ("A lamp.</ref> Tar.", "A lamp. Tar."),
        ("A lamp.<ref>Left open\n\nTar.", "A lamp. Left open Tar."),
        ("{|\n| a\n| b\n== Next ==\nTar.", "a b Next Tar."),
        ("{|\n| a || b", "a b"),
    ],
)
def test_notes_and_tables_that_pandoc_refuses(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    front = "---\ntitle: T\n---\n"
    assert said(front + text, engines, conversion) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "{{nowrap|{{small|two words}}}} and {{frob|{{frob|three}} four|kind={{small|five}}}}.",
            "two words and three four, kind: five.",
        ),
        ("Lit by {{{lamp|tallow}}} and {{{{{1}}}|oil}}.", "Lit by tallow and oil."),
        ("{|\n| a {{!}} b\n|}", "a | b"),
        ("{{sort|01|First lamp}}", "First lamp"),
    ],
)
def test_braces_that_meet(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    assert said(f"---\ntitle: T\n---\n{text}", engines, conversion) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{|\n! Lamp\n|-\n| tar || rope\n|}", "Lamp tar rope"),
        ('{|\n! colspan="2" | Lamp\n|-\n| tar || rope || sail\n|-\n| oar\n|}', "Lamp tar rope sail oar"),
        ("{|\n| tar\n|-\n| rope\n| sail || [[Oar|oar]]\n|}", "tar rope sail oar"),
        ("{| class=x\n|+ Ship\n|-\n|-\n| tar || rope\n|-\n|-\n| sail\n|}", "Ship tar rope sail"),
        ("{|\n! Lamp\n|-\n| tar || rope\n== Next ==\nSail.", "Lamp tar rope Next Sail."),
        ("{|\n| tar\n|-\n| rope || sail", "tar rope sail"),
    ],
)
def test_tables_keep_every_cell(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    assert said(f"---\ntitle: T\n---\n{text}", engines, conversion) == shown


def test_a_gallery_is_pictures(engines: Engines, conversion: markups.Recipe) -> None:
    opening = '<gallery mode="packed" caption="Two lamps">'
    text = f"{opening}\nFile:North.jpg|The [[Lamp|north]] one\nSouth.jpg|alt=x|The south one\n</gallery>"
    document = markups.read(f"---\ntitle: T\n---\n{text}", "a.wiki", engines, conversion("pdf"))
    assert markups.said(document) == "Two lamps The north one The south one"
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Image"})] == ["North.jpg", "South.jpg"]


def test_words_among_the_attributes_of_a_table(engines: Engines, conversion: markups.Recipe) -> None:
    text = '---\ntitle: T\n---\n{| class="wikitable" {{frob|two lamps}} border=1\n|-\n| tar\n|}'
    assert said(text, engines, conversion) == "two lamps tar"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<poem>\nTar\n  rope\n</poem>", "Tar \u00a0\u00a0rope"),
        ("A <noinclude>lamp</noinclude><section begin=a />, tar<section end=a />.<templatestyles src=x />", "A lamp, tar."),
        ("<imagemap>\nFile:Sea.png|thumb|The sea\nrect 0 0 9 9 [[Quay|The quay]]\n</imagemap>", "The sea The quay"),
        ("Tar<br>rope <small>sail</small> <div style='color:red'>''oar''</div>", "Tar rope sail oar"),
        ("A <frob>lamp</frob>", "A <frob>lamp</frob>"),
        ("<nowiki><poem>x</poem></nowiki>", "<poem>x</poem>"),
        ('Tar.<references>\n<ref name="a">Sticky.</ref>\n</references>', "Tar. Sticky."),
        ("<poem>Tar", "<poem>Tar"),
    ],
)
def test_elements(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    document = markups.read(f"---\ntitle: T\n---\n{text}", "a.wiki", engines, conversion("pdf"))
    assert " ".join(pandoc_ast.text(document.blocks).split(" ")).replace("\n", " ").strip() == shown
    assert "text-missing" not in markups.codes(document)


def test_chemistry_and_formulas_of_their_own(engines: Engines, conversion: markups.Recipe) -> None:
    text = '---\ntitle: T\n---\n<chem>H2O</chem>\n\n<math display="block">x^2</math>'
    nodes = pandoc_ast.query(markups.read(text, "a.wiki", engines, conversion("ast")).blocks, {"Math"})
    assert [(node["c"][0]["t"], node["c"][1]) for node in nodes] == [("InlineMath", "\\ce{H2O}"), ("DisplayMath", "x^2")]


def test_what_draws_is_reported(engines: Engines, conversion: markups.Recipe) -> None:
    text = "---\ntitle: T\n---\nTar. <score>c d</score> <hiero>A1</hiero> <phonos file=x />"
    document = markups.read(text, "a.wiki", engines, conversion("pdf"))
    (reported,) = [each for each in document.notices if each.code == "raw-html-dropped"]
    assert (markups.said(document), reported.data["removed"]) == ("Tar.", "c d\nA1")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Low{{#tag:ref|Of the sea.}} tide.", "Low Of the sea. tide."),
        ('Low{{#tag:ref|Of <ref name="b">a board</ref> the sea.|group="nb"|name=""}} tide.', "Low Of (a board) the sea. tide."),
        ("Low{{#tag:ref|Of the sea<ref name=x/>.|name=a}} tide.", "Low Of the sea. tide."),
        ("{{#tag:poem|Low tide.}}", "Low tide."),
    ],
)  # fmt: skip
def test_tags_by_a_parser_function(text: str, shown: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(text, "a.wiki", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == "".join(shown.split())


def test_words_of_dropped_templates_are_listed(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("Text.{{clarify|reason=Which harbour?}}{{stub}}", "a.wiki", engines, conversion("pdf"))
    [dropped] = [each for each in document.notices if each.code == "raw-html-dropped"]
    assert dropped.data["removed"] == ["clarify|reason=Which harbour?"]


@pytest.mark.parametrize("mark", ["<nowiki>", "<math>", "<pre>", "<source lang=x>"])
def test_elements_that_nothing_closes_are_text(engines: Engines, conversion: markups.Recipe, mark: str) -> None:
    """pandoc looked for the end of each in all that follows."""
    document = markups.read(f"{mark}a\n\n" * 4_000, "a.wiki", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == f"{mark}a".replace(" ", "") * 4_000
