"""Notes behind their calls, and back in a list at the end."""

from __future__ import annotations

import pytest
from lxml import etree

from service.ast import tables
from service.ast.pandoc_ast import Node, para, plain, words
from service.model.blocks import Blocks
from service.writers.page import fixes, footnotes

CALL = '<a href="#fn{0}" class="footnote-ref" id="fnref{0}" role="doc-noteref"><sup>{0}</sup></a>'
BACK = '<a href="#fnref{0}" class="footnote-back" role="doc-backlink">↩︎</a>'
PAGE = (
    f"<p>One{CALL.format(1)} and two{CALL.format(2)}.</p>"
    '<section id="footnotes" class="footnotes" role="doc-endnotes"><hr /><ol>'
    f'<li id="fn1"><p>First <em>note</em>. {BACK.format(1)}</p></li>'
    f'<li id="fn2"><p>Second.</p><p>More. {BACK.format(2)}</p></li></ol></section>'
)


def placed() -> etree._Element:
    body = fixes.parse(PAGE)
    section = footnotes.section_of(body)
    assert section is not None
    footnotes.place(body, section)
    return body


def note(*blocks: Node) -> Node:
    return {"t": "Note", "c": list(blocks)}


def test_each_note_stands_behind_its_call() -> None:
    body = placed()
    assert [each.tag for each in body] == ["p"]
    assert "".join(map(str, body[0].itertext())).split() == ["One11First", "note.", "and", "two22Second.More.", "."]
    first, second = (each for each in body.iter("span") if each.get("class") == "foot-note")
    assert first.getprevious().get("id") == "fnref1"
    assert [each.get("class") for each in second] == ["note-paragraph", "note-paragraph"]
    assert first.find(".//a[@class='note-number']").get("href") == "#fnref1"


def test_the_notes_come_back_at_the_end() -> None:
    body = placed()
    section = footnotes.restored(body)
    assert section is not None and footnotes.restored(body) is None
    assert "".join(map(str, body.itertext())) == "One1 and two2."
    assert [(each.get("id"), "".join(map(str, each.itertext())).strip()) for each in section.iter("li")] == [
        ("fn1", "First note."), ("fn2", "Second.More."),
    ]  # fmt: skip


def test_notes_of_paragraphs_can_stand_at_the_foot() -> None:
    assert footnotes.fit(Blocks([para([note(para(words("Short.")), para(words("Two.")))])]), 1.0)
    assert footnotes.fit(Blocks([para(words("No note."))]), 1.0)


@pytest.mark.parametrize(
    "block",
    [
        para([note({"t": "BulletList", "c": [[plain(words("x"))]]})]),
        para([note({"t": "CodeBlock", "c": [["", [], []], "x"]})]),
        para([note(para(words("word " * 300)))]),
        tables.table([[["", [], []], [tables.cell([plain([note(para(words("x")))])])]]], [[]], [], []),
        tables.table([], [[]], [], [plain([note(para(words("x")))])]),
        para([note(para(words("x")))] * (footnotes.MOST + 1)),
    ],
    ids=["list", "code", "tall", "head of a table", "caption of a table", "many"],
)
def test_others_make_all_stand_at_the_end(block: Node) -> None:
    assert not footnotes.fit(Blocks([block]), 1.0)


def test_a_small_page_has_room_for_less() -> None:
    blocks = Blocks([para([note(para(words("word " * 100)))])])
    assert footnotes.fit(blocks, 1.0) and not footnotes.fit(blocks, 0.5)
