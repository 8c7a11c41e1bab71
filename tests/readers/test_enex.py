"""Evernote exports: a note is an article, several are chapters; pictures, boxes, and what cannot be shown."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document, Source
from service.pipeline import steps
from tests.readers.office import PICTURE

Recipe = Callable[..., Any]
HTML = (
    '<script>alert(1)</script><img src="javascript:alert(1)" onerror="alert(1)">'
    '<a href="javascript:alert(1)">x</a><p onclick="a()">y</p>'
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export3.dtd">\n'
    '<en-export export-date="20240307T000000Z" application="Evernote" version="10.1">'
)
ENML = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">'
HASH = hashlib.md5(PICTURE.read_bytes(), usedforsecurity=False).hexdigest()


def note(title: str, content: str, *resources: tuple[bytes, str, str]) -> str:
    files = "".join(
        f'<resource><data encoding="base64">\n{base64.encodebytes(data).decode()}</data><mime>{kind}</mime>'
        f"<resource-attributes><file-name>{name}</file-name></resource-attributes></resource>"
        for data, kind, name in resources
    )
    return (
        f"<note><title>{title}</title><created>20240305T101112Z</created><updated>20240306T101112Z</updated>"
        "<tag>sea</tag><tag>old lamps</tag><note-attributes><author>Ada Vogt</author>"
        "<source-url>https://example.org/lamps</source-url></note-attributes>"
        f"<content><![CDATA[{ENML}<en-note>{content}</en-note>]]></content>{files}</note>"
    )


def export(*notes: str) -> bytes:
    return f"{HEAD}{''.join(notes)}</en-export>".encode()


HOSTILE = ("a.enex", lambda: export(note("&lt;script&gt;alert(1)&lt;/script&gt;", HTML)))
PICTURE_FILE = (PICTURE.read_bytes(), "image/png", "lamp.png")


def read(data: bytes, engines: Engines, conversion: Recipe) -> Document:
    return steps.read(Source("notes.enex", data), conversion("epub"), engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def test_a_note_is_an_article(engines: Engines, conversion: Recipe) -> None:
    document = read(export(note("Lamps &amp; ropes", "<div>One &amp; two<br/></div><div>three</div>")), engines, conversion)
    about = document.metadata
    assert (about.title, about.date, about.modified) == ("Lamps & ropes", "2024-03-05T10:11:12Z", "2024-03-06T10:11:12Z")
    assert (about.keywords, [each.name for each in about.authors]) == (("sea", "old lamps"), ["Ada Vogt"])
    assert about.source_url == "https://example.org/lamps"
    assert said(document) == "One & two three"


def test_several_notes_are_chapters_with_their_metadata(engines: Engines, conversion: Recipe) -> None:
    document = read(export(note("Lamps", "<div>One</div>"), note("Ropes", "<div>Two</div>")), engines, conversion)
    assert [pandoc_ast.text([each]) for each in document.blocks if each["t"] == "Header"] == ["Lamps", "Ropes"]
    line = "2024-03-05T10:11:12Z · 2024-03-06T10:11:12Z · sea, old lamps · Ada Vogt · https://example.org/lamps"
    assert said(document) == f"Lamps {line} One Ropes {line} Two"


def test_pictures_are_in_their_places(engines: Engines, conversion: Recipe) -> None:
    content = f'<div>Before <en-media hash="{HASH}" type="image/png" alt="lamp"/> after</div><div>Next</div>'
    document = read(export(note("Lamps", content, PICTURE_FILE)), engines, conversion)
    (image,) = pandoc_ast.query(document.blocks, {"Image"})
    held = {asset.name: asset.data for asset in document.source.assets}
    assert held[image["c"][2][0]] == PICTURE.read_bytes()
    assert said(document) == "Before lamp after Next"


def test_boxes_to_tick_do_not_swallow_what_follows(engines: Engines, conversion: Recipe) -> None:
    document = read(
        export(note("Lamps", '<div><en-todo checked="true"/>Oil</div><div><en-todo/>Wick</div>')), engines, conversion
    )
    assert said(document) == "☒ Oil ☐ Wick"


def test_what_cannot_be_shown_is_reported(engines: Engines, conversion: Recipe) -> None:
    bill = (b"%PDF-1.4", "application/pdf", "bill.pdf")
    document = read(
        export(note("Lamps", '<div>One <en-crypt hint="my cat">c2VjcmV0</en-crypt></div>', bill)), engines, conversion
    )
    found = {each.code: each for each in document.notices}
    assert found["attachment-left-out"].data["attachments"] == [{"name": "bill.pdf", "type": "application/pdf"}]
    assert "Encrypted passages" in found["raw-html-dropped"].message
    assert said(document) == "One [my cat]"
