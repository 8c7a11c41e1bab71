"""A text that ends within a link keeps its words, and loses half an address; everything else stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Notice, Source
from service.readers import markdown
from service.readers.markdown.changes import Text
from service.readers.markdown.dialects import AUTO
from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import parse
from service.readers.markdown.truncated_links import without_half_link


def repaired(text: str, line: int = 1) -> tuple[str, tuple[Notice, ...]]:
    parsed = parse(text, AUTO)
    draft = Text(text, parsed.bare, parsed.prose, Masks(text), Gone(), line)
    notices = without_half_link(draft)
    return draft.text, notices


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Read [the rest](https://exam...", "Read the rest..."),
        ("Read [the rest](https://exam…\n", "Read the rest…"),
        ("Read [the rest](https://exam", "Read the rest…"),
        ("[the rest](https://exam!", "the rest…"),
        ("Read [the rest](<https://exam", "Read the rest…"),
        ("甲\n\n[两\n行](/a_(b", "甲\n\n两\n行…"),
        ('[file](/a/b.txt "b.t...', "[file](/a/b.txt)..."),
        ('![a picture](a.png "pic...', "![a picture](a.png)..."),
        ('[a](b.png "c (d) e...', "[a](b.png)..."),
        ("![a picture](https://exam...", "a picture..."),
        ("* [![a picture](https://exam...", "* a picture..."),
        ("* [![a picture](a.png)](https://exam...", "* ![a picture](a.png)..."),
        ("* [![a picture](a.png) and words](/b", "* ![a picture](a.png) and words…"),
        ("* [![a picture]...", "* a picture..."),
        ("![a pict...", "a pict..."),
        ("+ [![a](b.png)\n\n  Head](https://exam...", "+ ![a](b.png)\n\n  Head..."),
        ("[![a](b.png)\n\nHead and...", "![a](b.png)\n\nHead and..."),
        ("[![a](b.png)  ![c](/d...", "![a](b.png)  c..."),
        ('[![a](b.png)  ![c](/d "e...', "![a](b.png)  ![c](/d)..."),
        ("| a |\n|---|\n| [b](/c...", "| a |\n|---|\n| b..."),
        ("- a\n    - [b](/c...", "- a\n    - b..."),
        ("Whole [link](/a)", None),
        ("Whole [link](/a)...", None),
        ("A list[0](of calls", None),
        ("And so on [...", None),
        ("And so on [1]...", None),
        ("[1] And so on](/b...", None),
        ("[a](/b...\n\nAnd more.", None),
        ("```\n[a](/b...", None),
        ("~~~\na\n~~~\n[a](/b...", "~~~\na\n~~~\na..."),
        ("`[a](/b...", None),
        ("    [a](/b...", None),
        ("", None),
    ],
)
def test_repaired(given: str, expected: str | None) -> None:
    text, notices = repaired(given, 7)
    if expected is None:
        assert (text, notices) == (given, ())
        return
    assert text == expected + "\n"
    assert [each.code for each in notices] == ["text-cut-off"]
    assert repaired(text) == (text, ())


def test_the_notice_reports_where_and_what() -> None:
    _, (said,) = repaired("One\n\n* [![a](https://exam...\n", 7)
    assert (said.line, said.data["removed"]) == (9, "[![a](https://exam...")


def test_a_text_of_brackets_takes_no_time() -> None:
    for unit in ("[", "![", "![](a)", "[](", "[![](a)", "](", "[a](b "):
        repaired(unit * 20_000 + "](")


def test_the_words_are_in_the_document(engines: Engines, conversion: Callable[..., Conversion]) -> None:
    upload = "---\ntitle: A\n---\n\nRead [the *rest*](https://exam...\n"
    document = markdown.read(Source(data=upload.encode(), name="a.md"), conversion("epub"), engines)
    assert pandoc_ast.text(list(document.blocks)) == "Read the rest..."
    assert [(each.code, each.line) for each in document.notices] == [("text-cut-off", 5)]
