"""FictionBook 2: the description is its front matter, pictures are in the file, one of them the cover."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from service import html_ast, pandoc_ast, texts, xml_text
from service.document import Asset, Conversion, Document, Source
from service.engines import Engines
from service.readers.base import Reader
from service.xml_text import HREF, every, first, paragraphs, words

PART = "part/"
BINARY = re.compile(rb"<(?:\w+:)?binary\b([^>]*)>([^<]*)</(?:\w+:)?binary\s*>")
ATTRIBUTE = re.compile(rb"\b(id|content-type)\s*=\s*[\"']([^\"']*)[\"']")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    assets = tuple(_pictures(source.data))
    tree = xml_text.parsed(replace(source, data=BINARY.sub(b"", source.data)), conversion, engines)  # the limit is for text
    tables = _without_tables(tree.top)
    found = texts.parsed(tree.written, "fb2", engines)
    names = {asset.name.removeprefix(PART): asset.name for asset in assets}
    blocks = pandoc_ast.walk(found.blocks, lambda node: _table(node, tables) or _pointed(node, names))
    said = _said(tree.top)
    cover = next((each.get(HREF, "") for each in every(tree.top, "description/title-info/coverpage/image")), "").lstrip("#")
    if cover in names:
        said["cover"] = names[cover]
    return texts.document(source, tree.text, said, blocks, texts.not_read(tree.included), assets)


def _pictures(data: bytes) -> Iterator[Asset]:
    for found in BINARY.finditer(data):
        said = {key: value.decode("utf-8", "replace") for key, value in ATTRIBUTE.findall(found[1])}
        try:
            raw = base64.b64decode(b"".join(found[2].split()), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        yield Asset(
            PART + said.get(b"id", ""), raw, said.get(b"content-type", ""), problem="" if raw else "unusable: it is broken"
        )


def _without_tables(top: etree._Element) -> dict[str, list[pandoc_ast.Node]]:
    """pandoc passes over FictionBook's tables: each leaves a paragraph in its place, by whose text it is found again."""
    found: dict[str, list[pandoc_ast.Node]] = {}
    for number, each in enumerate(list(top.iter("{*}table"))):
        name, parent = f"\ue000table{number}\ue000", each.getparent()
        if parent is None or next(each.iterancestors("{*}table"), None) is not None:
            continue
        space = str(each.tag).rpartition("}")[0]
        stands = etree.Element(f"{space}}}p" if space else "p")
        stands.text, stands.tail = name, each.tail
        parent.replace(each, stands)
        for inside in each.iter(etree.Element):
            local = etree.QName(inside).localname
            inside.tag = {"emphasis": "em", "strikethrough": "s"}.get(local, local)
        found[name] = html_ast.Converter().blocks(etree.tostring(each, encoding="unicode", with_tail=False))
    return found


def _table(node: pandoc_ast.Node, tables: dict[str, list[pandoc_ast.Node]]) -> list[pandoc_ast.Node] | None:
    return tables.get(pandoc_ast.text([node]).strip()) if tables and node["t"] == "Para" else None


def _pointed(node: pandoc_ast.Node, names: dict[str, str]) -> pandoc_ast.Node:
    if node["t"] != "Image":
        return node
    attributes, alt, (url, title) = node["c"]
    return pandoc_ast.image(alt, names.get(url.lstrip("#"), url), title, attributes)


def _said(top: etree._Element) -> dict[str, Any]:
    info, about = next(every(top, "description/title-info"), None), next(every(top, "description/document-info"), None)
    printed = next(every(top, "description/publish-info"), None)
    said: dict[str, Any] = {
        "title": first(info, "book-title"),
        "authors": [_person(each) for each in every(info, "author")],
        "date": next((each.get("value") or words(each) for each in every(info, "date")), "") or first(printed, "year"),
        "lang": first(info, "lang"),
        "description": next((paragraphs(each) for each in every(info, "annotation")), ""),
        "keywords": first(info, "keywords"),
        "categories": [words(each) for each in every(info, "genre") if words(each) != "unrecognised"],
        "publisher": first(printed, "publisher"),
        "isbn": first(printed, "isbn"),
        "identifier": first(about, "id"),
        "version": first(about, "version"),
        "url": first(about, "src-url"),
        "src_lang": first(info, "src-lang"),
        "translators": [name for each in every(info, "translator") if (name := _person(each).get("name"))],
        "city": first(printed, "city"),
    }
    for each in every(info, "sequence"):
        said["series"] = {key: value for key, value in (("name", each.get("name")), ("index", each.get("number"))) if value}
    for each in every(top, "description/custom-info"):
        said.setdefault(each.get("info-type", "custom-info"), words(each))
    return {key: value for key, value in said.items() if value}


def _person(author: etree._Element) -> dict[str, str]:
    name = " ".join(filter(None, (first(author, part) for part in ("first-name", "middle-name", "last-name"))))
    found = {"name": name or first(author, "nickname"), "email": first(author, "email")}
    return {key: value for key, value in found.items() if value}


READER = Reader(
    name="fb2",
    suffixes=(".fb2",),
    media_types=("application/x-fictionbook+xml", "application/fb2"),
    read=read,
    matches=lambda data: xml_text.root(data)[0] == "FictionBook",
    carries="Title, authors, date, language, annotation, keywords, genres, series, cover, publisher, ISBN, custom-info.",
)
