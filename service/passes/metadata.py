"""Completes the metadata: the request's over the front matter's, a title if it is missing, and the language of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from schemas import languages
from schemas.metadata import load_overrides, override, with_defaults
from service.ast import pandoc_ast
from service.model.document import Conversion, Document, Notice
from service.model.errors import Place, ValidationFailed
from service.model.notices import notice
from service.readers.shared import title_heading

STAGE = "metadata"
UNTITLED = "Untitled"


def run(document: Document, conversion: Conversion) -> Document:
    """Raises ValidationFailed for invalid overrides."""
    given = with_defaults(document.metadata, conversion.metadata_defaults)
    metadata = override(given, load_overrides(conversion.metadata))
    if metadata.title and not document.metadata.title:
        document = title_heading.without(document)
    if conversion.lang:
        metadata = replace(metadata, lang=_requested(conversion.lang))
    document = replace(document, metadata=metadata)
    return _with_language(_with_title(document))


def _requested(text: str) -> str:
    tag = languages.normalised(text)
    if tag is None:
        detail = f"{text[:80]!r} is not a language (BCP 47)."
        raise ValidationFailed(detail, places=[Place(detail, "/lang")])
    return tag


def _with_title(document: Document) -> Document:
    if document.metadata.title:
        return document
    title, origin = _title(document)
    reported = notice("title-missing", f"The article has no title. Used instead: {origin}.", stage=STAGE, data={"title": title})
    return _reported(document, reported, title=title)


def _title(document: Document) -> tuple[str, str]:
    heading = title_heading.find(document.blocks)
    called = document.source.siblings.called.strip() if document.source.siblings else ""
    if called and (heading is None or heading["c"][0] > 1):  # a heading below the first level is one of several
        return called, "the title in the contents of the collection"
    if heading:
        return title_heading.words(heading), "the heading above the text"
    name = PurePosixPath(document.source.name.replace("\\", "/")).name
    stem = PurePosixPath(name).stem.strip()
    return (stem, "the name of the file") if stem.strip(".") else (UNTITLED, f"{UNTITLED!r}")


def _with_language(document: Document) -> Document:
    if document.metadata.lang:
        return document
    text = _sample(document)
    found = languages.detected(text)
    lang = found or languages.fallback(text)
    message = (
        f"The language was detected from the text: {lang}."
        if found
        else f"The language could not be detected. Used instead: {lang}."
    )
    return _reported(document, notice("lang-detected", message, stage=STAGE, data={"lang": lang, "sure": bool(found)}), lang=lang)


def _sample(document: Document) -> str:
    """Enough running text to detect the language. Code and addresses have no language."""
    metadata = document.metadata
    parts = [metadata.title, metadata.subtitle, metadata.description]
    length = 0
    for part in _prose(document.blocks):
        parts.append(part)
        length += len(part)
        if length > languages.SAMPLE:
            break
    return "\n".join(parts)


def _prose(blocks: Any) -> Iterator[str]:
    for node in pandoc_ast.query(blocks, {"Str"}):
        if "://" not in node["c"] and not node["c"].startswith("www."):
            yield node["c"] + " "


def _reported(document: Document, reported: Notice, **fields: Any) -> Document:
    return replace(document, metadata=replace(document.metadata, **fields), notices=(*document.notices, reported))
