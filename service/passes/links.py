"""Makes links valid: relative ones are resolved by the article's URL, unsafe ones become text.

41 of 100 real articles hold relative links that only the front matter's `url` can resolve. Only http, https,
mailto, tel and links within the document are kept. A javascript:, data: or file: link is never written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from service.ast.pandoc_ast import walk_blocks
from service.model.document import Block, Conversion, Document, Inline, Notice
from service.model.notices import notice
from service.model.references import Uploads
from service.model.siblings import SCHEME, WIKI

ALLOWED = frozenset({"http", "https", "mailto", "tel"})
# Browsers drop these inside a URL, so `java\nscript:` is `javascript:` (WHATWG URL, 4.4).
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


# Characters that no URL contains, and percent signs without an escape (epubcheck, RSC-020); brackets are only for hosts.
FORBIDDEN = re.compile(r'["<>^`{|}\s]|(?<!^)\\|%(?![0-9A-Fa-f]{2})')
BRACKET = re.compile(r"[\[\]]")


class Resolver:
    """Decides on the URLs of one document and records its changes for the notices."""

    def __init__(self, document: Document) -> None:
        self.siblings = document.source.siblings
        self.base = document.metadata.source_url or (self.siblings.address if self.siblings else "")
        self.uploads = Uploads(document.source.assets)
        self.resolved: Counter[str] = Counter()
        self.removed: list[dict[str, str]] = []
        self.unknown: set[str] = set()

    def link(self, url: str) -> str | None:
        """The URL to keep; None if the link must become text; empty for a note that is not a chapter."""
        clean = _clean(url)
        if clean.startswith("#"):
            return clean
        if chapter := self._chapter(clean):
            return chapter
        if WIKI.fullmatch(unquote(clean)):
            self.unknown.add(unquote(clean)[2:-2])
            return ""
        absolute = self._absolute(url, clean)
        if absolute is None:
            return None
        bare, fragment = urldefrag(absolute)
        if fragment and self.base and bare == urldefrag(self.base)[0]:
            return f"#{unquote(fragment)}"
        return absolute

    def _chapter(self, clean: str) -> str:
        """The chapter of the same book that a link leads to; empty if it leads elsewhere."""
        return self.siblings.find(clean) if self.siblings else ""

    def image(self, url: str) -> str:
        """The reference to keep: unchanged for an upload or a data: URI, else absolute, else unchanged (and missing)."""
        if url.startswith("data:") or self.uploads.find(url) is not None:
            return url
        return self._absolute(url, _clean(url)) or url

    def _absolute(self, url: str, clean: str) -> str | None:
        if clean.startswith("\\") or not clean:
            return None
        scheme = SCHEME.match(clean)
        if scheme:
            return clean if scheme.group()[:-1].lower() in ALLOWED and _parses(clean) else None
        if clean.startswith("//"):
            return self._count(url, f"https:{clean}") if _parses(f"https:{clean}") else None
        if not SCHEME.match(self.base):
            return None
        return self._count(url, _join(self.base, clean))

    def _count(self, before: str, after: str | None) -> str | None:
        if after is not None:
            self.resolved[before] += 1
        return after


def _clean(url: str) -> str:
    """The URL by RFC 3986: other characters are escaped; letters of any script may stay (RFC 3987)."""
    url = FORBIDDEN.sub(_escaped, INVISIBLE.sub("", url.strip()).strip())
    head, slashes, rest = url.partition("//")
    host, slash, path = rest.partition("/") if slashes else ("", "", "")
    if not slashes:
        return BRACKET.sub(_escaped, url)
    return head + slashes + host + slash + BRACKET.sub(_escaped, path)


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _parses(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"mailto", "tel"} or bool(parts.netloc)


def _join(base: str, url: str) -> str | None:
    try:
        joined = urljoin(base, url)
        return joined if urlsplit(joined).scheme in ALLOWED else None
    except ValueError:
        return None


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    resolver = Resolver(document)

    def visit(node: Inline | Block) -> Inline | Block | list[Inline]:
        if node["t"] == "Image":
            attributes, alt, (url, title) = node["c"]
            address = resolver.image(url)
            return node if address == url else {"t": "Image", "c": [attributes, alt, [address, title]]}
        attributes, inlines, (url, title) = node["c"]
        kept = resolver.link(url)
        if kept is None:
            resolver.removed.append({"url": url[:500]})
        if not kept:
            return list(inlines)
        return node if kept == url else {"t": "Link", "c": [attributes, inlines, [kept, title]]}

    blocks = walk_blocks(document.blocks, visit, {"Image", "Link"})
    return replace(document, blocks=blocks, notices=document.notices + _notices(resolver))


def _notices(resolver: Resolver) -> tuple[Notice, ...]:
    reported = []
    if resolver.resolved:
        count = sum(resolver.resolved.values())
        data = {"count": count, "base": resolver.base}
        reported.append(
            notice("link-resolved", f"{count} relative links were resolved against {resolver.base}", stage="links", data=data)
        )
    if resolver.removed:
        count = len(resolver.removed)
        message = f"{count} links lead nowhere that can be kept and became plain text"
        reported.append(notice("link-removed", message, stage="links", data={"removed": resolver.removed[:50], "count": count}))
    if resolver.unknown:
        notes = sorted(resolver.unknown)
        data = {"notes": notes[:50], "count": len(notes)}
        message = f"{len(notes)} notes that links name are not in the collection. Their text was kept: {', '.join(notes[:5])}"
        reported.append(notice("note-not-in-book", message, stage="links", data=data))
    return tuple(reported)
