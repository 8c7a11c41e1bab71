"""RSS 0.9 to 2.0 and Atom (RFC 4287): XML to entries, by element names without prefixes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html.entities import html5
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from service.containers import markup
from service.input import encoding
from service.input.feeds.base import Entry, Feed
from service.model.errors import InvalidDocument, Place

XML_NS = "{http://www.w3.org/XML/1998/namespace}"
DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
DECLARED = re.compile(rb"\A[^<]{0,8}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
# XML has only five named references. Feeds use those of HTML, and a bare `&`.
REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)([A-Za-z][A-Za-z0-9]{1,31};)?")


def parse(data: bytes) -> Feed:
    """Raises InvalidDocument with the line if the XML is not well-formed or declares entities, TooComplex."""
    top = parsed(data)
    is_atom = _name(top) == "feed"
    channel = top if is_atom else _child(top, "channel")
    channel = top if channel is None else channel
    items = [each for each in (top if _name(top) == "RDF" else channel) if _name(each) in ("item", "entry")]
    address = _address(channel, "")
    lang = channel.get(f"{XML_NS}lang") or _text(channel, "language")
    return Feed(
        title=_plain(channel, "title"),
        address=address,
        description=_plain(channel, "description", "subtitle"),
        authors=tuple(_authors(channel)),
        lang=lang,
        rights=_plain(channel, "copyright", "rights"),
        entries=tuple(_entry(each, address, lang) for each in items),
    )


def parsed(data: bytes) -> Element:
    """The tree of an uploaded XML file. Raises as `parse`."""
    declared = DECLARED.match(data)
    text, _ = encoding.decode(data, declared[1].decode("ascii") if declared else "")
    text = DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"))
    text = "".join(_with_references(text))
    try:
        markup.scan("feed", text.encode())
        return ElementTree.fromstring(text)  # noqa: S314 (scanned: no entities, no deep nesting)
    except (*markup.NO_XML, ElementTree.ParseError) as error:
        line = getattr(error, "lineno", 0) or getattr(error, "position", (1, 0))[0]
        detail = f"The feed is not well-formed XML: line {line}."
        raise InvalidDocument(detail, places=[Place(detail, line=line)]) from error


def _with_references(text: str) -> Iterator[str]:
    """The text with the references of XML only; CDATA sections do not change."""
    outside, *sections = text.split("<![CDATA[")
    yield REFERENCE.sub(_known, outside)
    for section in sections:
        inside, end, after = section.partition("]]>")
        yield f"<![CDATA[{inside}{end}{REFERENCE.sub(_known, after)}"


def _known(match: re.Match[str]) -> str:
    """A named reference of HTML as its character; a bare `&` as an escaped one."""
    return html5.get(match[1] or "", f"&amp;{match[1] or ''}").replace("<", "&lt;")


def _entry(item: Element, base: str, lang: str) -> Entry:
    base = urljoin(base, item.get(f"{XML_NS}base", "")) if item.get(f"{XML_NS}base") else base
    address = _address(item, base)
    content, summary = _markup(item, "encoded", "content"), _markup(item, "description", "summary")
    identifier = _text(item, "guid", "id") or address
    return Entry(
        identifier=identifier,
        title=_plain(item, "title"),
        address=address,
        authors=tuple(_authors(item)),
        published=moment(_text(item, "pubDate", "published", "issued", "date")),
        updated=moment(_text(item, "updated", "modified")),
        content=content or summary,
        summary=summary if content else "",
        is_whole=bool(content),
        categories=tuple(_categories(item)),
        lang=item.get(f"{XML_NS}lang") or _text(item, "language") or lang,
        rights=_plain(item, "rights"),
    )


def moment(text: str) -> str:
    """A date of RFC 822 as ISO 8601; any other text as it is."""
    try:
        return parsedate_to_datetime(text).isoformat() if text and not text[:4].isdecimal() else text
    except ValueError:
        return text


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, *names: str) -> Iterator[Element]:
    """The children with the first of the names that any has."""
    for name in names:
        if found := [each for each in element if _name(each) == name]:
            yield from found
            return


def _child(element: Element, *names: str) -> Element | None:
    return next(_children(element, *names), None)


def _text(element: Element, *names: str) -> str:
    found = _child(element, *names)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _plain(element: Element, *names: str) -> str:
    """A text without its markup: titles of feeds are HTML, escaped or not."""
    text = html.unescape(_text(element, *names))
    return " ".join(re.sub(r"<[A-Za-z/][^<>]{0,200}>", "", text).split())


def _markup(item: Element, *names: str) -> str:
    """The HTML of the first element with HTML; for XHTML of Atom the content of its division."""
    for each in (found for name in names for found in _children(item, name)):
        if each.get("type") == "xhtml" or len(each):
            plain = _without_names(each)
            inside = (ElementTree.tostring(child, encoding="unicode", method="html") for child in plain)
            return html.escape(plain.text or "") + "".join(inside)
        text = (each.text or "").strip()
        if text:
            return html.escape(text) if each.get("type") == "text" else text
    return ""


def _without_names(element: Element) -> Element:
    for each in element.iter():
        each.tag = _name(each)
        for name in [name for name in each.attrib if name.startswith("{")]:
            del each.attrib[name]
    return element


def _address(element: Element, base: str) -> str:
    """The page of a feed or an entry: Atom's alternate link, RSS's link, or a guid that is an address."""
    links = list(_children(element, "link"))
    alternate = [each for each in links if each.get("href") and each.get("rel", "alternate") == "alternate"]
    plain = [each.text.strip() for each in links if each.text and each.text.strip()]
    guid = _child(element, "guid")
    is_page = guid is not None and guid.get("isPermaLink", "true") != "false" and (guid.text or "").startswith("http")
    found = alternate[0].get("href", "") if alternate else plain[0] if plain else ""
    return urljoin(base, found or ((guid.text or "").strip() if is_page and guid is not None else ""))


def _authors(element: Element) -> Iterator[str]:
    """Names; RSS has `mail (name)`, Atom an element, Dublin Core a creator."""
    for each in _children(element, "creator", "author"):
        name = _text(each, "name") if len(each) else " ".join("".join(each.itertext()).split())
        in_brackets = re.fullmatch(r"[^\s()@]++@[^\s()]++ \(([^()]++)\)", name)
        if name:
            yield in_brackets[1] if in_brackets else name


def _categories(element: Element) -> Iterator[str]:
    for each in _children(element, "category", "subject"):
        found = each.get("label") or each.get("term") or (each.text or "").strip()
        if found:
            yield html.unescape(found)
