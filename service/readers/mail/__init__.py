"""Mail messages (RFC 5322) and saved pages (MHTML, RFC 2557): the text of a MIME message is a page, its other parts are pictures.

A message with one HTML part is read as that page. Several texts, and messages inside the message, follow one another.
"""

from __future__ import annotations

import contextlib
import email.header
import email.parser
import email.policy
import email.utils
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.message import Message
from typing import Any

from service.ast.html import tree
from service.ast.html.tree import Element
from service.engines import Engines
from service.input import encoding
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, Place, Refused, TooComplex
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.mail import headers, plain_text
from service.readers.mail.parts import Parts, content, is_attachment, location, take_apart
from service.readers.shared import letters

HEADERS = re.compile(rb"(?>(?:From [^\n]*+\n)?)(?>(?:[!-9;-~]++:[^\n]*+\n(?>(?:[ \t][^\n]*+\n)*)){2,})")
MARKS = re.compile(rb"^(?:mime-version|message-id|received|return-path):", re.I | re.M)
CONTAINERS = re.compile(rb"^content-type:\s*+(?:multipart|message)/", re.I | re.M)
PARTS = re.compile(rb"^content-type:", re.I | re.M)
MOST_CONTAINERS = 100  # the parser recurses into each, and compares each line with the boundaries of all that are open
MOST_PARTS = 5_000
MOST_SHEETS = 1_000_000  # characters of all style sheets
SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "poster")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")
ReadPage = Callable[..., Document]
Plain = Callable[[str], str]


def reader(read_page: ReadPage, plain: Plain) -> Reader:
    """`read_page` is that of the reader of HTML; `plain` takes the tags out of a page."""
    return Reader("mail", functools.partial(_read, read_page), matches=_matches, passages=functools.partial(_passages, plain))


def _matches(data: bytes) -> bool:
    found = HEADERS.match(data[:100_000].replace(b"\r\n", b"\n"))
    return found is not None and MARKS.search(found.group()) is not None


def _read(read_page: ReadPage, source: Source, conversion: Conversion, engines: Engines) -> Document:
    """Raises EmptyDocument for a message without a text, TooComplex for too many parts, and what reading the page raises."""
    message = _message(source.data)
    parts = Parts()
    take_apart(message, parts)
    pages = [_page(part, conversion) for part in parts.texts]
    inline = [part for part in parts.others if part.get_content_maintype() == "image" and _is_inline(part)]
    if not inline and not any(page.strip() for page in pages):
        raise EmptyDocument("The message has no text.", places=[Place("no text", line=1)])
    base = location(parts.texts[0]) if parts.texts else ""
    settle = functools.partial(_settle, parts=parts, base=base or location(message), conversion=conversion, inline=inline)
    text = pages[0] if len(pages) == 1 else "".join(f"<div>{page}</div>" for page in pages)
    page = Source(source.name, text.encode(), charset="utf-8")
    try:
        document = read_page(
            page, replace(conversion, charset="utf-8"), engines, settle, functools.partial(headers.about, message, base)
        )
    except Refused as error:
        if isinstance(error, EmptyDocument) or not error.places:
            raise
        line = _line(source.data, parts.texts)
        error.places = tuple(replace(each, line=line, column=None) for each in error.places)
        raise
    left = [part for part in parts.others if id(part) not in parts.used and id(part) not in parts.shown]
    assets = (*source.assets, *parts.used.values())
    return replace(document, source=replace(source, assets=assets), notices=(*document.notices, *_reported(left)))


def _message(data: bytes) -> Message:
    """Raises TooComplex, with the line, for more parts than a message may have."""
    for pattern, most in ((CONTAINERS, MOST_CONTAINERS), (PARTS, MOST_PARTS)):
        for number, found in enumerate(pattern.finditer(data), 1):
            if number > most:
                line = data.count(b"\n", 0, found.start()) + 1
                detail = f"Line {line} begins a part that is more than the {most:,} a message may have."
                raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": most})
    return email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)


def _page(part: Message, conversion: Conversion) -> str:
    """The HTML of a text part."""
    text = _text(part, conversion)
    if part.get_content_type() != "text/plain":
        return text
    return plain_text.page(text, flowed=str(part.get_param("format") or "").lower() == "flowed")


def _text(part: Message, conversion: Conversion) -> str:
    charset = str(part.get_content_charset() or "")
    text, _ = encoding.decode(content(part), conversion.charset, charset)
    return text


def _settle(page: Element, parts: Parts, base: str, conversion: Conversion, inline: Sequence[Message]) -> None:
    """Pictures, style sheets and frames of the page become those of the message."""
    _inside(page, parts, base, conversion)
    for part in inline:
        if id(part) not in parts.used:
            picture = Element("img", {"src": parts.asset(part).name, "alt": _name(part)})
            paragraph = Element("p")
            paragraph.children = [picture]
            tree.body(page).children.append(paragraph)


def _inside(page: Element, parts: Parts, base: str, conversion: Conversion) -> None:
    room = MOST_SHEETS
    frames: list[tuple[Element, Message]] = []
    for each in page.iter():
        if each.tag == "link" and (sheet := parts.found(each.get("href"), base)) and sheet.get_content_type() == "text/css":
            text = _text(sheet, conversion)
            room -= len(text)
            parts.shown.add(id(sheet))
            if room > 0:
                each.tag, each.attributes, each.children = "style", {}, [text]
        elif each.tag in ("iframe", "frame") and (frame := parts.found(each.get("src"), base)):
            frames.append((each, frame))
        else:
            _place_picture(each, parts, base)
    for each, frame in frames:
        if frame.get_content_type() == "text/html" and id(frame) not in parts.shown:
            parts.shown.add(id(frame))
            inner = tree.parse(_text(frame, conversion))
            _inside(inner, parts, location(frame), conversion)
            each.tag, each.attributes, each.children = "div", {}, tree.body(inner).children


def _place_picture(element: Element, parts: Parts, base: str) -> None:
    """The first picture of the element that the message has takes the place of all that it could show."""
    named = [element.get(name) for name in SOURCES]
    named += [part.split()[0] for name in SETS for part in element.get(name).split(",") if part.strip()]
    found = next((part for address in named if address and (part := parts.found(address, base))), None)
    if found is None or found.get_content_maintype() == "text":
        return
    name = "poster" if element.tag == "video" else "src"
    for each in (*SOURCES, *SETS):
        element.attributes.pop(each, None)
    element.attributes["srcset" if element.tag == "source" else name] = parts.asset(found).name


def _is_inline(part: Message) -> bool:
    """Whether a mail program shows a picture below the text: it is not attached, and no page has it by its address."""
    return not is_attachment(part) and not location(part)


def _name(part: Message) -> str:
    with contextlib.suppress(ValueError, LookupError):
        return headers.decoded(part.get_filename() or "")
    return ""


def _reported(left: Sequence[Message]) -> Iterator[Any]:
    """One notice for what is not shown; the style sheets and scripts of a saved page do not count."""
    named = [
        {"name": (_name(part) or location(part))[:200], "type": part.get_content_type()}
        for part in left
        if part.get_content_type() not in ("text/css", "text/javascript", "application/javascript")
    ]
    if named:
        names = ", ".join(repr(each["name"] or each["type"]) for each in named[:5])
        message = f"Parts of the message that its text does not show were left out: {names}."
        yield notice("attachment-left-out", message, stage="read", data={"attachments": named[:100], "count": len(named)})


def _line(data: bytes, texts: Sequence[Message]) -> int:
    """The line of the upload that its first text begins in."""
    raw = next((str(each.get_payload())[:60] for each in texts), "")
    return data.count(b"\n", 0, max(0, data.find(raw.encode("utf-8", "surrogateescape")))) + 1


def _passages(plain: Plain, document: Document, conversion: Conversion) -> Iterator[letters.Passage]:
    """The lines of the texts, by the number of their part. None where a part of the page was requested."""
    if conversion.extract == "main" or conversion.clean == "web":
        return
    parts = Parts()
    take_apart(_message(document.source.data), parts)
    for number, part in enumerate(parts.texts, 1):
        text = _text(part, conversion)
        shown = plain_text.unquoted(text) if part.get_content_type() == "text/plain" else plain(text)
        yield from (letters.Passage(line, part=f"part {number}") for line in shown.split("\n") if line.strip())
