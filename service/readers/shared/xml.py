"""Uploads in XML: decoded by their declaration, checked before the tree is built, without entities or inclusions."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from service.containers import markup
from service.engines import Engines
from service.input import encoding
from service.model.document import Conversion, Document, Source
from service.model.errors import InvalidDocument, Place, TooComplex
from service.readers.shared import letters
from service.readers.shared.text import Text, opened

DECLARED = re.compile(rb"<\?xml[^<>]*?encoding\s*+=\s*+[\"']([A-Za-z0-9._-]++)", re.I)
DECLARATION = re.compile(r"\s*+<\?xml[^>]*?\?>")
MISC = re.compile(r"(?>(?:\s++|<\?.*?\?>|<!--.*?-->)*)", re.S)  # the allowed content before a DOCTYPE
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\]\s*+)?>", re.I)
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?:\s++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*+(?:\[[^\]]*+\]\s*+)?>)*)"
    rb"<(?>(?:[\w.-]++:)?)([\w.-]++)([^>]*+)",
    re.S | re.I,
)
PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
XINCLUDE = "{http://www.w3.org/2001/XInclude}include"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True)
class Tree:
    """The decoded upload and its root element; `included` are the lines and names of files that it would include."""

    text: Text
    top: etree._Element
    included: list[tuple[int, str]]

    @property
    def written(self) -> str:
        """The tree for pandoc."""
        return etree.tostring(self.top, encoding="unicode")


def parsed(source: Source, conversion: Conversion, engines: Engines) -> Tree:
    """Raises InvalidDocument if it is not XML or declares entities, TooComplex if it nests too deep."""
    text = opened(source, conversion, engines, _declared(source.data))
    body, above = NAMED.sub(_named, _undeclared(text.body)), text.line - 1
    try:
        markup.scan("document", body.encode())
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
        top = etree.fromstring(_without_doctype(body).encode(), parser)
    except (*markup.NO_XML, etree.XMLSyntaxError) as error:
        line = above + (getattr(error, "lineno", None) or 1)
        detail = f"Line {line} contains XML that is not well-formed."
        raise InvalidDocument(detail, places=[Place(detail, line=line)]) from error
    except InvalidDocument as error:
        at = max(0, body.find("<!ENTITY"))
        line = above + body.count("\n", 0, at) + 1
        detail = f"Line {line} declares entities, which are not expanded. Write their text in their place."
        raise InvalidDocument(detail, places=[Place(detail, line=line)]) from error
    except TooComplex as error:
        line = above + (error.places[0].line or 1)
        detail = f"Line {line} nests more than {markup.MAX_DEPTH} elements."
        raise TooComplex(detail, places=[Place(detail, line=line)], extra=error.extra) from error
    included = []
    for each in list(top.iter(XINCLUDE)):
        included.append((each.sourceline or 1, each.get("href", "")))
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    return Tree(text, top, included)


def passages(*skipped: str) -> letters.Passages:
    """All character data without that of the elements `skipped`: metadata, and others that are not text."""
    hidden = frozenset(skipped)

    def found(document: Document, conversion: Conversion) -> Iterator[letters.Passage]:
        data, charset = document.source.data, conversion.charset or document.source.charset
        text, _ = encoding.decode(data, charset, _declared(data))
        front = document.source_front_matter
        start = text.find(front) + len(front) if front and front in text else 0
        above = text.count("\n", 0, start)
        body = _without_doctype(_undeclared(text[start:]))
        for each in letters.of_xml(NAMED.sub(_named, body), skipped=hidden):
            yield each._replace(line=above + (each.line or 1))

    return found


def _declared(data: bytes) -> str:
    found = DECLARED.search(data[:1024])
    return found[1].decode() if found else ""


def _undeclared(text: str) -> str:
    """The text without its XML declaration: the text no longer has its encoding. Lines keep their numbers."""
    found = DECLARATION.match(text)
    return "\n" * found.group().count("\n") + text[found.end() :] if found else text


def _without_doctype(text: str) -> str:
    """The text without its DOCTYPE, if it is before the root element; a later one is text. Lines keep their numbers."""
    before = MISC.match(text)
    at = before.end() if before else 0
    found = DOCTYPE.match(text, at)
    return text[:at] + "\n" * found.group().count("\n") + text[found.end() :] if found else text


def _named(found: re.Match[str]) -> str:
    """HTML's names for characters, which the DTDs of these formats define; no DTD is ever read."""
    name = found[1]
    return found.group() if name in PREDEFINED else html.entities.html5.get(f"{name};", found.group())


def root(data: bytes) -> tuple[str, bytes]:
    """The local name of the root element, and its tag; empty if it does not begin as XML."""
    head = data[:4096]
    found = ROOT.match(head) if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None
    return (found[1].decode("ascii", "replace"), found[2]) if found else ("", b"")


def words(element: etree._Element | None) -> str:
    """The text in an element, white space folded."""
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def phrase(element: etree._Element | None, between: str = " ") -> str:
    """The text in an element, white space folded, with `between` between parts that have no text between them."""
    if element is None:
        return ""
    inner = list(element)
    if any(text and text.strip() for text in (element.text, *(each.tail for each in inner))):
        parts = [element.text or "", *(f"{phrase(each, between)}{each.tail or ''}" for each in inner)]
        return " ".join("".join(parts).split())
    return between.join(filter(None, (phrase(each, between) for each in inner)))


def first(top: etree._Element | None, *paths: str) -> str:
    """The text at the first of the paths that has some; `a/b` without namespaces."""
    return next((text for path in paths for each in every(top, path) if (text := words(each))), "")


def every(top: etree._Element | None, path: str) -> Iterator[etree._Element]:
    """The elements at a path of local names, in any namespace."""
    if top is not None:
        yield from top.iterfind("/".join(step if step.startswith((".", "*")) else f"{{*}}{step}" for step in path.split("/")))


def paragraphs(element: etree._Element | None, names: tuple[str, ...] = ("p", "para", "simpara")) -> str:
    """The text of the paragraphs in an element, a blank line between them; all of its text if it has no paragraphs."""
    found = [words(each) for name in names for each in (element.iter(f"{{*}}{name}") if element is not None else ())]
    return "\n\n".join(filter(None, found)) or words(element)
