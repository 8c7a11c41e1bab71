"""Looks into artifacts with other programs for what runs or phones home: pikepdf, lxml, zipfile. Answers what it found.

The embedded upload is passed over: it is the author's own file, carried as it came, shown and linked by nothing.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pikepdf
from lxml import etree

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ELEMENTS = frozenset({
    "script", "form", "input", "button", "select", "textarea", "iframe", "frame", "frameset", "object", "embed", "applet", "base",
    "foreignobject", "animate", "set", "audio", "video", "source", "track", "portal", "template", "handler", "listener",
})  # fmt: skip
POINTING = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "background", "cite", "longdesc", "ping", "srcset"}
)
STYLE = re.compile(r"url\(\s*['\"]?(?!#|data:)|@import|expression\(|behaviou?r\s*:|-moz-binding", re.IGNORECASE)
NO_MARKUP = "{http://purl.org/dc/"  # dc:source is a word in a catalogue
PDF_KEYS = frozenset({"/JS", "/OpenAction", "/AA", "/AcroForm", "/XFA", "/RichMediaContent", "/Movie"})
PDF_ACTIONS = frozenset({"/URI", "/GoTo"})
FIELDS = re.compile(r"\s*(TOC|PAGE|NUMPAGES|PAGEREF|SEQ|REF|NOTEREF|HYPERLINK \\l)\b")
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
WORD_ELEMENTS = frozenset({"altChunk", "object", "control", "OLEObject", "attachedTemplate", "subDoc", "docVar", "movie"})


def leads_out(url: str) -> bool:
    """Whether a URL has a scheme that no link may have; white space and control characters hide none."""
    bare = re.sub(r"[\x00-\x20\x7f-\x9f]", "", url)
    if bare.startswith(("\\", "//")):
        return True
    try:
        scheme = urlsplit(bare).scheme.lower()
    except ValueError:
        return True
    return bool(scheme) and scheme not in SCHEMES


def in_markup(top: Any, *, pictures: bool = False) -> Iterator[str]:
    """In HTML, XHTML and SVG; with `pictures`, an image may be a data: URI of one."""
    for element in top.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname.lower() if "{" in element.tag else element.tag.lower()
        if element.tag.startswith(NO_MARKUP):
            continue
        inert = name == "script" and element.get("type") == "application/json"
        if name in ELEMENTS and not inert:
            yield f"<{name}>"
        if name == "meta" and (element.get("http-equiv") or "").lower() not in {"", "content-security-policy"}:
            yield "meta http-equiv"
        if (name == "style" and STYLE.search(element.text or "")) or STYLE.search(element.get("style") or ""):
            yield f"style: {element.text}"
        yield from _in_attributes(element, name, pictures=pictures)


def _in_attributes(element: Any, name: str, *, pictures: bool) -> Iterator[str]:
    for key, value in element.attrib.items():
        local = key.rpartition("}")[2].lower()
        if local.startswith("on"):
            yield f"{key}={value}"
        if local not in POINTING:
            continue
        if name in {"img", "image"}:
            inside = value.startswith("data:image/") if pictures else not urlsplit(value).scheme
            if not inside:
                yield f"{name} {key}={value[:80]}"
        elif leads_out(value) or (name == "link" and urlsplit(value).scheme):
            yield f"{name} {key}={value[:80]}"


def in_pdf(data: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                continue
            keys = set(thing.keys())
            yield from sorted(keys & PDF_KEYS)
            for action in _actions(thing):
                kind = str(action.get("/S", ""))
                if kind not in PDF_ACTIONS or (kind == "/URI" and leads_out(str(action["/URI"]))):
                    yield f"action {kind} {action.get('/URI')}"
            if "/F" in keys and thing.get("/Type") in (pikepdf.Name.XObject, None) and "/Filter" in keys:
                yield "stream in another file"


def _actions(thing: Any) -> Iterator[Any]:
    if thing.get("/Type") == pikepdf.Name.Action or ("/S" in thing.keys() and "/URI" in thing.keys()):  # noqa: SIM118
        yield thing
    if isinstance(thing.get("/A"), pikepdf.Dictionary) and "/S" in thing["/A"]:
        yield thing["/A"]


def in_epub(data: bytes) -> Iterator[str]:
    for name, part in _parts(data):
        if re.search(r"(^|/)source\.\w+$", name):
            continue
        if name.endswith((".xhtml", ".svg", ".opf", ".ncx", ".xml", ".html")):
            yield from (f"{name}: {each}" for each in in_markup(etree.fromstring(part, etree.XMLParser(resolve_entities=False))))
        elif name.endswith(".css") and STYLE.search(part.decode().replace("url(../fonts", "")):
            yield f"{name}: style"
        elif name.endswith((".js", ".swf", ".class")):
            yield name


def in_docx(data: bytes) -> Iterator[str]:
    for name, part in _parts(data):
        if re.search(r"vbaProject|activeX|embeddings|\.bin$|customUI|webextension", name, re.IGNORECASE):
            yield name
        if not name.endswith((".xml", ".rels")):
            continue
        for element in etree.fromstring(part).iter(etree.Element):
            local = etree.QName(element).localname
            if element.tag == RELATIONSHIP:
                yield from _in_relation(element)
            elif local == "fldSimple" and not FIELDS.match(next(iter(element.attrib.values()), "")):
                yield f"{name}: field {element.attrib}"
            elif local in WORD_ELEMENTS:
                yield f"{name}: {local}"
            elif local == "instrText" and not FIELDS.match(element.text or ""):
                yield f"{name}: field {element.text}"


def _in_relation(element: Any) -> Iterator[str]:
    target, kind = element.get("Target", ""), element.get("Type", "").rpartition("/")[2]
    if element.get("TargetMode") == "External" and (kind != "hyperlink" or leads_out(target)):
        yield f"external {kind} {target}"
    if kind in {"attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "vbaProject", "control"}:
        yield f"relation {kind}"


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist())


def in_html(data: bytes) -> Iterator[str]:
    yield from in_markup(lxml.html.document_fromstring(data), pictures=True)


def in_ast(data: bytes) -> Iterator[str]:
    """Of pandoc's JSON; the AST is not a document, but someone will make one of it."""
    todo = [json.loads(data)["blocks"]]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if str(part.get("t")).startswith("Raw"):
                kind, content = part["c"]
                yield from in_markup(lxml.html.fromstring(content), pictures=True) if kind == "html" else [f"raw {content}"]
            if part.get("t") == "Link" and leads_out(part["c"][2][0]):
                yield f"link {part['c'][2][0]}"
            if part.get("t") == "Math" and re.search(r"\\(href|url|class|style|html|include)", part["c"][1]):
                yield f"math {part['c'][1]}"
            todo += part.values()
        elif isinstance(part, list):
            if len(part) == 2 and isinstance(part[0], str) and part[0].lower().startswith(("on", "style")):
                yield f"attribute {part}"
            todo += part


LOOKS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": in_pdf, "epub": in_epub, "docx": in_docx, "html": in_html, "ast": in_ast,
}  # fmt: skip
