"""OPML 2.0 (opml.org/spec2.opml): outlines of feeds, and outlines of any other text.

The front finds the addresses of feeds only by a pattern, because it parses no uploads. A worker reads the whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from service.input.feeds import xml_feeds

HEAD = 4_096
ROOT = re.compile(rb"\A[\s\xef\xbb\xbf]*(?:<\?[^>]{0,300}\?>\s*|<!--[^>]{0,2000}-->\s*){0,9}<opml[\s>]")
FEED = re.compile(r"""\sxmlUrl\s{0,20}=\s{0,20}(?:"([^"<]{1,2048})"|'([^'<]{1,2048})')""")
MARKUP = re.compile(r"<[A-Za-z/][^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class Node:
    """An outline. `address` is the address of its page or link, `feed` that of its feed."""

    text: str
    note: str = ""
    address: str = ""
    feed: str = ""
    kids: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """`modified` and `created` are unchanged texts of the file (RFC 822)."""

    title: str
    nodes: tuple[Node, ...]
    owner: str = ""
    created: str = ""
    modified: str = ""


def is_outline(data: bytes) -> bool:
    """By the first bytes; nothing is parsed."""
    return ROOT.match(data[:HEAD]) is not None


def feeds_of(data: bytes) -> list[str]:
    """The addresses of feeds in an OPML file, each once, without those in comments. Nothing is parsed."""
    text = _without_comments(data.decode("utf-8", "replace"))
    found = (html.unescape(match[1] or match[2]).strip() for match in FEED.finditer(text))
    return list(dict.fromkeys(each for each in found if each.lower().startswith(("http://", "https://"))))


def _without_comments(text: str) -> str:
    parts, at = list[str](), 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join([*parts, text[at:]])


def parse(data: bytes) -> Outline:
    """Raises InvalidDocument with the line if the XML is not well-formed or declares entities, TooComplex."""
    top = xml_feeds.parsed(data)
    head, body = top.find("head"), top.find("body")

    def said(name: str) -> str:
        return " ".join((head.findtext(name) or "").split()) if head is not None else ""

    nodes = tuple(_nodes(body)) if body is not None else ()
    return Outline(said("title"), nodes, said("ownerName"), said("dateCreated"), said("dateModified"))


def _nodes(parent: Element) -> Iterator[Node]:
    for each in parent:
        if each.tag == "outline" and each.get("isComment") != "true":
            text = each.get("text") or each.get("title") or ""
            address = each.get("htmlUrl") or each.get("url") or ""
            yield Node(_plain(text), each.get("_note") or "", address, each.get("xmlUrl") or "", tuple(_nodes(each)))


def _plain(text: str) -> str:
    """`text` may be HTML that was escaped once more."""
    return " ".join(html.unescape(MARKUP.sub("", text)).split())
