"""Messages and saved pages: the text once, pictures in their places, headers as metadata, what is left out in a notice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.input import sniffing
from service.model.document import Document, Source
from service.pipeline import steps
from service.readers import READERS
from tests.readers.office import PICTURE

Recipe = Callable[..., Any]
HTML = (
    '<script>alert(1)</script><img src="javascript:alert(1)" onerror="alert(1)">'
    '<a href="javascript:alert(1)">x</a><p onclick="a()">y</p>'
)
HEADERS = """\
Return-Path: <ada@example.org>
From: =?utf-8?B?QWRhIFbDtmd0?= <ada@example.org>
To: Li Wei <li@example.org>
Subject: =?utf-8?Q?Lamps_at_s=C3=AAa?=
Date: Tue, 05 Mar 2024 10:11:12 +0100
Message-ID: <1@example.org>
MIME-Version: 1.0
"""


def _hostile() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "<script>alert(1)</script>"
    message["MIME-Version"] = "1.0"
    message.set_content(f"<html><body>{HTML}</body></html>", subtype="html")
    message.add_attachment("<script>alert(1)</script>", subtype="html", filename="../../x.html")
    return message.as_bytes()


HOSTILE = ("a.eml", _hostile)


def part(headers: str, body: str | bytes) -> str:
    """A part with its headers; bytes as base64."""
    if isinstance(body, bytes):
        headers, body = f"{headers}\nContent-Transfer-Encoding: base64", base64.encodebytes(body).decode()
    return f"{headers}\n\n{body}\n"


def parts(kind: str, *inside: str, headers: str = "") -> str:
    """A container of parts. The boundary is its kind."""
    lines = "".join(f"--={kind}=\n{each}" for each in inside)
    return f'{headers}Content-Type: multipart/{kind}; boundary="={kind}="\n\n{lines}--={kind}=--\n'


def read(text: str | bytes, engines: Engines, conversion: Recipe, name: str = "a.eml", **options: object) -> Document:
    data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
    return steps.read(Source(name, data), conversion("epub", **options), engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def pictures(document: Document) -> list[tuple[str, bytes]]:
    """The description and the bytes of each picture in the text."""
    images = pandoc_ast.query(document.blocks, {"Image"})
    held = {asset.name: asset.data for asset in document.source.assets}
    return [(pandoc_ast.text(node["c"][1]), held.get(node["c"][2][0], b"")) for node in images]


def left_out(document: Document) -> list[str]:
    found = [each for each in document.notices if each.code == "attachment-left-out"]
    return [attachment["name"] for each in found for attachment in each.data["attachments"]]


HTML_PART = part("Content-Type: text/html; charset=utf-8", '<p>Grüße <img src="cid:pic%40x" alt="lamp"> at noon</p>')
PLAIN_PART = part("Content-Type: text/plain; charset=utf-8", "Greetings at noon")
PICTURE_PART = part("Content-Type: image/png; name=lamp.png\nContent-ID: <pic@x>", PICTURE.read_bytes())
BILL = part("Content-Type: application/pdf\nContent-Disposition: attachment; filename=bill.pdf", b"%PDF-1.4")


@pytest.mark.parametrize(
    "message",
    [
        parts("mixed", parts("alternative", PLAIN_PART, parts("related", HTML_PART, PICTURE_PART)), BILL, headers=HEADERS),
        parts("mixed", parts("related", parts("alternative", PLAIN_PART, HTML_PART), PICTURE_PART), BILL, headers=HEADERS),
        parts("related", parts("alternative", PLAIN_PART, HTML_PART), PICTURE_PART, BILL, headers=HEADERS),
    ],
)
def test_a_message_is_its_page_with_its_pictures(message: str, engines: Engines, conversion: Recipe) -> None:
    document = read(message, engines, conversion)
    about = document.metadata
    assert (about.title, about.date, about.authors[0].name) == ("Lamps at sêa", "2024-03-05T10:11:12+01:00", "Ada Vögt")
    assert dict(about.custom) == {"to": "Li Wei <li@example.org>", "message_id": "<1@example.org>"}
    assert said(document) == "Grüße lamp at noon"
    assert pictures(document) == [("lamp", PICTURE.read_bytes())]
    assert left_out(document) == ["bill.pdf"]
    assert "text-missing" not in {each.code for each in document.notices}


def test_texts_follow_one_another_and_pictures_without_a_place_come_last(engines: Engines, conversion: Recipe) -> None:
    message = parts("mixed", PLAIN_PART, PICTURE_PART, part("Content-Type: text/plain", "Sent from the sea"), headers=HEADERS)
    document = read(message, engines, conversion)
    assert said(document) == "Greetings at noon Sent from the sea lamp.png"
    assert len(pictures(document)) == 1


def test_a_message_inside_a_message_has_a_heading(engines: Engines, conversion: Recipe) -> None:
    inner = "From: li@example.org\nSubject: Ropes\nContent-Type: text/plain\n\nTwenty metres.\n"
    document = read(parts("mixed", PLAIN_PART, part("Content-Type: message/rfc822", inner), headers=HEADERS), engines, conversion)
    assert [pandoc_ast.text([each]) for each in document.blocks if each["t"] == "Header"] == ["Ropes"]
    assert said(document) == "Greetings at noon Ropes li@example.org Twenty metres."


def test_plain_text_has_paragraphs_quotes_and_links(engines: Engines, conversion: Recipe) -> None:
    text = "See https://example.org/a_b.\nRegards\n\n> Which <lamp>?\n>> The old one.\n\n>From the start\n-- \nAda"
    document = read(f"{HEADERS}Content-Type: text/plain; charset=utf-8\n\n{text}\n", engines, conversion)
    kinds = [each["t"] for each in document.blocks]
    assert kinds == ["Para", "BlockQuote", "Para", "HorizontalRule", "Para"]
    assert said(document) == "See https://example.org/a_b. Regards Which <lamp>? The old one. From the start Ada"
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["https://example.org/a_b"]
    assert [len(list(pandoc_ast.query([each], {"BlockQuote"}))) for each in document.blocks] == [0, 2, 0, 0, 0]


def test_lines_of_flowed_text_are_joined(engines: Engines, conversion: Recipe) -> None:
    text = "One long \nline.\nNext"
    document = read(f"{HEADERS}Content-Type: text/plain; format=flowed\n\n{text}\n", engines, conversion)
    breaks = list(pandoc_ast.query(document.blocks, {"LineBreak"}))
    assert (said(document), len(breaks)) == ("One long line. Next", 1)


@pytest.mark.parametrize("charset", ["gb18030", "shift_jis", "utf-8"])
def test_the_charset_of_a_part_is_its_own(charset: str, engines: Engines, conversion: Recipe) -> None:
    text = "海上的灯塔很亮。" if charset != "shift_jis" else "海の灯台はとても明るい。"
    head = f"{HEADERS}Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert said(read(head.encode() + text.encode(charset), engines, conversion)) == text


SAVED = parts(
    "related",
    part(
        "Content-Type: text/html\nContent-Location: https://example.org/post/lamps",
        '<!DOCTYPE html><html><head><title>Lamps</title><meta name="author" content="Ada Vogt">'
        '<link rel="stylesheet" href="cid:css-1@mhtml.blink"></head><body><p class="gone">Menu</p><p>One. '
        '<img src="/i/a.png" srcset="https://cdn.example/b.png 2x" alt="A lamp"></p>'
        '<iframe src="cid:frame-2@mhtml.blink"></iframe></body></html>',
    ),
    part("Content-Type: text/css\nContent-Location: cid:css-1@mhtml.blink", ".gone { display: none }"),
    part("Content-Type: image/png\nContent-Location: https://example.org/i/a.png", PICTURE.read_bytes()),
    part("Content-Type: text/html\nContent-ID: <frame-2@mhtml.blink>", "<html><body><p>Framed text</p></body></html>"),
    headers=(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/post/lamps\nSubject: Lamps\n"
        "Date: Tue, 5 Mar 2024 10:11:12 -0000\nMIME-Version: 1.0\n"
    ),
)


def test_a_saved_page_has_its_pictures_sheets_and_frames(engines: Engines, conversion: Recipe) -> None:
    document = read(SAVED, engines, conversion, "page.mhtml")
    about = document.metadata
    assert (about.title, [each.name for each in about.authors]) == ("Lamps", ["Ada Vogt"])
    assert (about.source_url, about.fetched_at) == ("https://example.org/post/lamps", "2024-03-05T10:11:12")
    assert said(document) == "One. A lamp Framed text"
    assert pictures(document) == [("A lamp", PICTURE.read_bytes())]
    assert left_out(document) == []


def test_a_page_of_a_word_processor_finds_its_pictures_by_relative_addresses(engines: Engines, conversion: Recipe) -> None:
    page = '<html><body><p>A lamp: <img src="text_files/image001.png" alt="lamp"></p></body></html>'
    saved = parts(
        "related",
        part("Content-Location: file:///C:/0A1B/text.htm\nContent-Type: text/html; charset=us-ascii", page),
        part("Content-Location: file:///C:/0A1B/text_files/image001.png\nContent-Type: image/png", PICTURE.read_bytes()),
        headers="MIME-Version: 1.0\n",
    )
    document = read(saved, engines, conversion, "text.mht")
    assert pictures(document) == [("lamp", PICTURE.read_bytes())]
    assert not document.metadata.source_url


def test_an_alternative_that_nothing_shows_is_reported(engines: Engines, conversion: Recipe) -> None:
    calendar = part("Content-Type: text/calendar; method=REQUEST; name=invite.ics", "BEGIN:VCALENDAR")
    document = read(parts("mixed", PLAIN_PART, calendar, headers=HEADERS), engines, conversion)
    assert (said(document), left_out(document)) == ("Greetings at noon", ["invite.ics"])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (f"{HEADERS}\nText\n", "mail"),
        (f"From ada@example.org Tue Mar  5 10:11:12 2024\n{HEADERS}\nText\n", "mail"),
        (SAVED, "mail"),
        ("Title: Lamps\nDate: 2024-03-05\n\nText\n", "markdown"),
        ("Subject: Lamps\nFrom: Ada\n\nText\n", "markdown"),
        ("---\ntitle: MIME-Version\n---\n\nMIME-Version: 1.0\n", "markdown"),
    ],
)
def test_content_is_recognised(data: str, name: str) -> None:
    assert sniffing.reader_of(Source("unnamed", data.encode()), "", READERS) == name
