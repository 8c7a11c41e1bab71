"""Options of the author of a text: the key `colophon` of its front matter, over the file `colophon.yaml` next to it.

The request wins over both. Only options of ALLOWED are used: none that fetches, names a file, or changes the answer.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from schemas import options
from service.input import encoding, frontmatter
from service.input.articles import OPTIONS_FILES
from service.model.document import Asset, Conversion, Document, Notice
from service.model.errors import Refused, ValidationFailed
from service.model.notices import notice
from service.model.options import OPTIONS

KEY = "colophon"
ALLOWED = frozenset({
    "profile", "toc", "toc_depth", "number_sections", "paper", "margin", "font", "heading_font", "code_font",
    "font_size", "justify", "header", "footer", "watermark", "notes", "writing_mode", "clean",
}) & OPTIONS.keys()  # fmt: skip


def of(document: Document, conversion: Conversion) -> Conversion:
    """The conversion with the options that the author chose and the request did not set."""
    return _chosen(_said(document), conversion)[0]


def reported(document: Document, conversion: Conversion) -> tuple[Notice, ...]:
    """A notice for each option of the author that is not known, not allowed, or has no valid value."""
    said = _said(document)
    problems = [options.unknown(name, ALLOWED) for name in said if name not in OPTIONS]
    problems += [f"The option {name!r} cannot be set in a text." for name in said if name in OPTIONS and name not in ALLOWED]
    problems += _chosen(said, conversion)[1]
    return tuple(notice("author-option-ignored", problem, stage="read", data={"key": KEY}) for problem in problems)


def _said(document: Document) -> dict[str, Any]:
    """The options in the file and the front matter, by name. A `colophon` that is text is a field of the author."""
    front = document.metadata.custom.get(KEY)
    both = {**among(document.source.assets), **(front if isinstance(front, Mapping) else {})}
    return {key: _typed(key, value) for name, value in both.items() if (key := str(name).replace("-", "_"))}


def _typed(name: str, value: Any) -> Any:
    """A number as text for the option: `font_size: 14`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number and name in OPTIONS and isinstance(OPTIONS[name].default, str) else value


def among(files: Iterable[Asset]) -> dict[str, Any]:
    """The `colophon.yaml` nearest to the text, or an empty text."""
    found = [each for each in files if _is_options(each.name)]
    if not found:
        return {}
    nearest = min(found, key=lambda each: each.name.count("/"))
    try:
        text = encoding.decode(nearest.data)[0].strip().removeprefix("---").strip("\n")
        return dict(frontmatter.split(f"---\n{text}\n---\n").data)
    except Refused:
        return {}


def at_the_top(files: Mapping[str, bytes]) -> list[Asset]:
    """The file of options for a whole archive: at the top, or in its only folder."""
    return [Asset(name, data) for name, data in files.items() if _is_options(name) and name.count("/") < 2]


def without_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a book for its chapters, without options, which belong to the whole."""
    return {name: data for name, data in files.items() if not _is_options(name)}


def _is_options(name: str) -> bool:
    return posixpath.basename(name) in OPTIONS_FILES


def _chosen(said: Mapping[str, Any], conversion: Conversion) -> tuple[Conversion, list[str]]:
    """The conversion, and the errors of values that were not used."""
    wanted = {name: value for name, value in said.items() if name in ALLOWED and name not in conversion.given}
    request = {name: conversion[OPTIONS[name].attribute] for name in conversion.given}
    if not wanted:
        return conversion, []
    try:
        before, after = options.load(conversion.to, request), options.load(conversion.to, wanted | request)
    except ValidationFailed as error:
        wrong = {(place.pointer or "").removeprefix("/"): place.detail for place in error.places}
        kept = {name: value for name, value in wanted.items() if name not in wrong}
        if len(kept) == len(wanted):
            return conversion, [error.detail]
        found, more = _chosen(kept, conversion)
        return found, [f"The option {name!r}: {wrong[name]}" for name in wanted if name in wrong] + more
    names = [each.attribute for each in OPTIONS.values() if before[each.attribute] != after[each.attribute]]
    return replace(conversion, **{name: after[name] for name in names}), []
