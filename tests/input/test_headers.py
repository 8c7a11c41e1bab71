"""Metadata without a fence at the head of Markdown: taken where it is surely meant, else text."""

from __future__ import annotations

from typing import Any

import pytest

from service.input.frontmatter import record, split

HEADERS: dict[str, dict[str, Any]] = {
    "Title: Low tide\nDate: 2024-05-06 10:20\nTags: sea, sand\n\nText.\n":
        {"title": "Low tide", "date": "2024-05-06T10:20", "keywords": ("sea", "sand")},
    "title: Low tide\nslug: low-tide\n\nText.\n": {"title": "Low tide"},
    "Title:   Low tide  \nAuthor:  Mara Vogt  \n    Tom Reed  \nBase Header Level: 2\n\nText.\n":
        {"title": "Low tide", "authors": ("Mara Vogt", "Tom Reed"), "custom": {"Base Header Level": 2}},
    ":title: Low tide\n:date: 2024-05-06\n:author: Mara Vogt\n\nText.\n": {"title": "Low tide", "date": "2024-05-06"},
    "标题：退潮\n作者：沃格特、里德\n\n正文。\n": {"title": "退潮", "authors": ("沃格特", "里德")},
    "Author: Mara Vogt\nDate: 2024-05-06\nTags: sea\n\nText.\n": {"authors": ("Mara Vogt",), "date": "2024-05-06"},
    "% Low tide\n% Mara Vogt; Tom Reed\n% May 6, 2024\n\nText.\n":
        {"title": "Low tide", "authors": ("Mara Vogt", "Tom Reed"), "date": "2024-05-06"},
    "% Low\n  tide\n%\n% 2024\n\nText.\n": {"title": "Low tide", "authors": (), "date": "2024"},
    "# Low tide\n\nCreated: May 6, 2024 10:20 AM\n\nText.\n": {"date": "2024-05-06T10:20"},
    "# Low tide\n\nCreated time: May 6, 2024 10:20 AM\nTags: sea, sand\nOwner: Zed\n\nText.\n":
        {"date": "2024-05-06T10:20", "keywords": ("sea", "sand"), "custom": {"Owner": "Zed"}},
    "# Low tide\n\nTags: sea\nURL: https://tides.example/a\nStatus: Done\n\nText.\n":
        {"source_url": "https://tides.example/a", "custom": {"Status": "Done"}},
    "title: Low tide\ndate: 2024-05-06\ntags:\n- sea\n- sand\n---\nText.\n":
        {"title": "Low tide", "date": "2024-05-06", "keywords": ("sea", "sand")},
    "title: Low tide\n---\n\nText.\n": {"title": "Low tide"},
    "layout: post\ntitle: \"Low: tide\"\n---\nText.\n": {"title": "Low: tide", "custom": {"layout": "post"}},
    "title:: Low tide\ntags:: [[sea]], #sand\n\nText.\n": {"title": "Low tide", "keywords": ("sea", "sand")},
    "<!-- TITLE: Low tide -->\n<!-- SUBTITLE: By the pier -->\n\nText.\n": {"title": "Low tide", "subtitle": "By the pier"},
    "<!--\ntitle: Low tide\ndate: 2024-05-06\n-->\nText.\n": {"title": "Low tide", "date": "2024-05-06"},
}  # fmt: skip
PROSE = [
    "Note: the tide is low.\nDate: tomorrow\n\nText.",
    "Serves: 4\nTime: 20 minutes\nSource: my aunt\n\nMix.",
    "Mara: The tide is low.\nTom: It is.\n\nThey left.",
    "From: mara@tides.example\nDate: 2024-05-06\nSubject: Low tide\nTitle: x\n\nDear Tom,",
    "Date: 2024-05-06\nLocation: the pier\nPresent: Mara, Tom\n\nMinutes.",
    "Title: Low tide\n\nA review.",
    "Title: Low tide\nand a line of prose\n\nText.",
    "Author: Mara Vogt\nWarning: deep water\n\nText.",
    "Type: wave\nTitle: a wave\nPayload: foam\n\nText.",
    "Summary: we dug.\nResult: sand.\n\nText.",
    ":rocket: Fast\n:tada: Good\n\nText.",
    "# Minutes\n\nDate: May 6, 2024\nPresent: Mara, Tom\n\nText.",
    "# Low tide\n\nNote: deep.\nWarning: cold.\n\nText.",
    "# Low tide\n\nAuthor: Mara Vogt\n\nText.",
    "% a comment\nText.",
    "%%%%%%%%%%\n\nText.",
    "% one\n% two\n% three\n% four\n\nText.",
    "50% of it: sand\n\nText.",
    "https://tides.example: a\nTitle: b\n\nText.",
    "Note: deep water\n---\nText.",
    "Summary: we dug.\n---\nText.",
    "Title: Low tide\nand prose\n---\nText.",
    "<!-- Title of the page -->\nText.",
    "<!-- note: deep water -->\nText.",
    "std::vector:: is\n\nText.",
    "Text.\n\nid: 0123456789abcdef0123456789abcdef\ntype_: a word",
]
JOPLIN = """Low tide

We walked along the pier.

id: 0123456789abcdef0123456789abcdef
created_time: 2024-05-06T07:08:09.000Z
author: Mara Vogt
source_url: https://tides.example/a
share_id:
type_: 1
"""


@pytest.mark.parametrize("text", HEADERS)
def test_a_header_is_front_matter(text: str) -> None:
    front = split(text, unfenced=True)
    found, doubts = record(front)
    for field, value in HEADERS[text].items():
        given = getattr(found, field)
        assert (tuple(each.name for each in given) if field == "authors" else given) == value
    assert [reported.code for reported in (*front.notices, *doubts)] == ["front-matter-unfenced"]
    assert front.body.strip() in ("Text.", "正文。", "# Low tide\n\n" + "\n" * front.raw.count("\n") + "\n\nText.")


def test_properties_below_a_note_of_joplin() -> None:
    front = split(JOPLIN, unfenced=True)
    found, _ = record(front)
    assert (found.title, found.date, found.authors[0].name) == ("Low tide", "2024-05-06T07:08:09.000Z", "Mara Vogt")
    assert front.body.split("\n")[2] == "We walked along the pier."
    assert front.line == 5
    assert "id:" not in front.body
    assert record(split(f"# Low tide\n\n{JOPLIN.partition(chr(10))[2]}", unfenced=True))[0].title == "Low tide"


@pytest.mark.parametrize("text", PROSE)
def test_prose_stays_prose(text: str) -> None:
    front = split(text, unfenced=True)
    assert (front.body, front.data, front.notices) == (text, {}, ())


@pytest.mark.parametrize("text", HEADERS)
def test_other_formats_have_no_such_header(text: str) -> None:
    assert split(text).body == text


def test_lines_of_the_body_keep_their_numbers() -> None:
    text = "# Low tide\n\nCreated: May 6, 2024 10:20 AM\nTags: a\n\nText.\n"
    front = split(text, unfenced=True)
    assert (front.body_line, front.line, front.body.split("\n").index("Text.")) == (1, 3, 5)
    front = split("Title: A\nDate: soon\n\nText.\n", unfenced=True)
    assert front.body_line == 4
    assert [(reported.code, reported.line, reported.column) for reported in record(front)[1]] == [("date-unrecognised", 2, 7)]
