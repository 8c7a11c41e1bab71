"""AsciiDoc: the header as metadata, blocks that nothing closes, files that are not read."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Author
from service.model.errors import TooComplex
from tests.readers import markups

ARTICLE = """\
= Low tide
Mara Vogt <mara@tides.example>; Tom Reed
v1.2, 2024-05-06: first edition
:keywords: sea, sand
:description: Of sand.
:toc:
:shelf: 3
:url: https://tides.example

We dug.

== Sand

A *bold* word, footnote:[The note.] and image:lamp.png[Lamp].

NOTE: Mind the sand.

include::other.adoc[]

[source,python]
----
print(1)
----
"""


def test_the_header_is_the_front_matter(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.adoc", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.date, metadata.version, metadata.description) == (
        "Low tide",
        "2024-05-06",
        "1.2",
        "Of sand.",
    )
    assert metadata.authors == (Author("Mara Vogt", email="mara@tides.example"), Author("Tom Reed"))
    assert (metadata.keywords, metadata.source_url) == (("sea", "sand"), "https://tides.example")
    assert metadata.custom == {"remark": "first edition", "shelf": "3"}
    reported = [(each.line, each.data["file"]) for each in document.notices if each.code == "include-ignored"]
    assert reported == [(18, "other.adoc")]
    assert "text-missing" not in markups.codes(document)
    assert markups.said(document).startswith("We dug. Sand A bold word, The note.")
    assert {node["t"] for node in pandoc_ast.query(document.blocks)} >= {"Note", "Image", "CodeBlock", "Strong"}


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    markups.check_text(engines, conversion, "asciidoc", "a.adoc")
    assert markups.lost("asciidoc", "a.adoc", engines, conversion("pdf")) == ""


@pytest.mark.parametrize(
    "text",
    ["----\nwords", "words\n\n....\nmore", "```a\nwords", "````\nwords", "* ```a\nwords", "```words```", "-----\nwords\n----\n",
     "====\n----\nwords\n====\n", "++++\nwords", "[source]\n----\nwords\n"],
)  # fmt: skip
def test_a_block_that_nothing_closes(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    assert "words" in markups.said(markups.read(text, "a.adoc", engines, conversion("pdf")))


def test_code_stays_as_it_is(engines: Engines, conversion: markups.Recipe) -> None:
    text = "a\n\n----\n``` x\n....\n----\n\n```c\n----\n```\n\nWrite ```` four.\n"
    document = markups.read(text, "a.adoc", engines, conversion("pdf"))
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"CodeBlock"})] == ["``` x\n....", "----"]
    assert "````" in markups.said(document)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("--\na\n\n--\n\nb", ["Div", "Para"]),
        ("____\na\n\n\n____\n\nb", ["BlockQuote", "Para"]),
        ("====\nx\n\n--\na\n\n--\n\n====\n\nb", ["Div", "Para"]),
        ("--\n* a\n\n--\n\nb", ["Div", "Para"]),
        ("--\na\n\n--\n\n" * 40, ["Div"] * 40),
    ],
)
def test_a_block_may_end_below_a_blank_line(engines: Engines, conversion: markups.Recipe, text: str, kinds: list[str]) -> None:
    document = markups.read(f"= T\n\n{text}", "a.adoc", engines, conversion("pdf"))
    assert [block["t"] for block in document.blocks] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "x\n\n" + "[" * 500,
        "".join(" " * n + "* a\n" for n in range(80)),
        "|===\n9000000*|a\n|===\n",
        "|===\n" + "900*.^s|a\n" * 20 + "|===\n",
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex, match="Line ") as caught:
        markups.read(text, "a.adoc", engines, conversion("pdf"))
    assert caught.value.places[0].line


@pytest.mark.parametrize("mark", ["====", "****", "____"])
def test_blocks_of_nothing_are_left_out(engines: Engines, conversion: markups.Recipe, mark: str) -> None:
    """pandoc took the square of their number: 1,600 in 10 KB took 19 s."""
    full = f"{mark}\nThe lamp.\n\nThe sea.\n{mark}\n\n"
    nested = f"{mark}\n{mark}=\n\n{mark}=\nThe ferry.\n{mark}\n\n" if mark == "====" else ""
    document = markups.read(
        "Before.\n\n" + f"{mark}\n\n" * 4_000 + full + nested + "After.\n", "a.adoc", engines, conversion("pdf")
    )
    words = "Before. The lamp. The sea. " + ("The ferry. " if nested else "") + "After."
    assert markups.said(document).split() == words.split()
    assert len([node for node in document.blocks if node["t"] in ("Div", "BlockQuote")]) == 1 + bool(nested)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ifdef::lamp[]\nlit\nendif::[]", "Start. lit End."),
        ("ifndef::lamp[]\nveiled\nendif::[]", "Start. End."),
        ("ifdef::sea[]\nveiled\n\nifdef::lamp[]\ncovered\nendif::[]\nendif::sea[]", "Start. End."),
        ("ifdef::sea,lamp[one line]", "Start. one line End."),
        ("ifdef::sea+lamp[veiled]", "Start. End."),
        ("ifeval::[{x} > 1]\nlit\nendif::[]", "Start. lit End."),
        ("----\nifdef::sea[]\n----", "Start. ifdef::sea[] End."),
        ("////\nveiled\n\nifdef::sea[]\n////", "Start. End."),
    ],
)
def test_conditions_and_comments(text: str, shown: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(f"= T\n:lamp:\n\nStart.\n\n{text}\n\nEnd.\n", "a.adoc", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == "".join(shown.split())
    hides = "veiled" in text and "////" not in text
    assert ("comment-removed" in markups.codes(document)) is hides
    assert "text-missing" not in markups.codes(document)
