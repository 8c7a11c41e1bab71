"""The metadata record: one row for each field, with its kind, its meaning and its places in PDF, EPUB and DOCX.

The schema of front matter and requests, the writers, `inspect`, the check after each conversion, OpenAPI and docs/metadata.md
follow from the rows. Other names of a field in front matter are rows of `schemas.field_names`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

FORMATS = ("pdf", "epub", "docx")
# Prefixes for fields without a native place in a format, and for every custom key.
CUSTOM: Mapping[str, str] = {"pdf": "xmp:colophon:", "epub": "opf:colophon:", "docx": "custom:"}


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    sort: str = ""
    role: str = ""
    email: str = ""
    affiliation: str = ""
    orcid: str = ""
    corresponding: bool = False  # the corresponding author


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    index: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A place such as `info:Title`, and the form that a value has there (a key of `metadata_map.FORMS`)."""

    place: str
    form: str = "text"


def cells(*places: str | tuple[str, str]) -> tuple[Cell, ...]:
    return tuple(Cell(each) if isinstance(each, str) else Cell(*each) for each in places)


Places = tuple[Cell, ...] | None


@dataclass(frozen=True, slots=True)
class Field:
    """One row. `kind` is a key of `schemas.metadata.KINDS`; None as places of a format is the field's name under its prefix.

    `is_always_given`: every answer that describes an article has it. A field with `is_file` names a file and has no places.
    """

    kind: str
    help: str = ""
    pdf: Places = None
    epub: Places = None
    docx: Places = None
    is_always_given: bool = False
    is_file: bool = False

    def places(self, target: str) -> tuple[Cell, ...]:
        found: tuple[Cell, ...] = getattr(self, target)
        return found

    def named(self, name: str) -> Field:
        """The row with all places filled in."""
        if self.is_file:
            return replace(self, pdf=(), epub=(), docx=())
        own = {target: cells(f"{prefix}{name}") for target, prefix in CUSTOM.items()}
        return replace(self, pdf=self.pdf or own["pdf"], epub=self.epub or own["epub"], docx=self.docx or own["docx"])


def row(kind: str, default: Any = "", **about: Any) -> Any:
    return dataclasses.field(default=default, metadata={"row": Field(kind, **about)})


def several(kind: str, **about: Any) -> Any:
    return row(kind, (), **about)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The validated record. An empty string or tuple means: not given.

    `date`, `modified` and `fetched_at` are ISO 8601 as precise as the author was ("2024", "2024-11-21",
    "2025-10-06T19:16:36.499828+08:00"), or the author's own words if no date was recognised.
    `custom` has every other key, with its type and nesting. `front_matter` is the parsed front matter
    before validation, every key under its own name, as `inspect` returns it.
    """

    title: str = row(
        "display",
        is_always_given=True,
        help="Title; if missing, the one heading above the text, else the file name.",
        pdf=cells("xmp:dc:title", "info:Title"),
        epub=cells("opf:dc:title"),
        docx=cells("core:dc:title"),
    )
    subtitle: str = row("display", epub=cells("opf:dc:title[subtitle]"), docx=cells("core:dc:subject", "custom:subtitle"))
    authors: tuple[Author, ...] = several(
        "authors",
        is_always_given=True,
        help="Texts or maps; `;`, `，` and `、` divide a text.",
        pdf=cells(("xmp:dc:creator", "list"), ("info:Author", "comma")),
        epub=cells(("opf:people", "list")),
        docx=cells(("core:dc:creator", "semicolon")),
    )
    date: str = row(
        "date",
        is_always_given=True,
        help="In any usual form; kept as ISO 8601.",
        pdf=cells("xmp:colophon:date", ("info:CreationDate", "instant"), ("xmp:xmp:CreateDate", "instant")),
        epub=cells("opf:dcterms:issued", "opf:colophon:date", ("opf:dc:date", "day")),
        docx=cells("custom:date", ("core:dcterms:created", "instant")),
    )
    modified: str = row("date", help="In any usual form; kept as ISO 8601.")
    lang: str = row(
        "language",
        is_always_given=True,
        help="BCP 47; if missing, detected from the text.",
        pdf=cells("catalog:Lang", ("xmp:dc:language", "first")),
        epub=cells("opf:dc:language"),
        docx=cells("core:dc:language"),
    )
    description: str = row(
        "text",
        help="A sentence about the article; if missing, the abstract.",
        pdf=cells("xmp:dc:description", "info:Subject"),
        epub=cells("opf:dc:description"),
        docx=cells("core:dc:description"),
    )
    abstract: str = row("text", help="Shown under the title.", epub=cells("opf:dcterms:abstract"))
    keywords: tuple[str, ...] = several(
        "words",
        is_always_given=True,
        help="A list, or a text with commas, `#` marks or the like.",
        pdf=cells(("xmp:dc:subject", "among"), ("info:Keywords", "among-comma")),
        epub=cells(("opf:dc:subject", "among")),
        docx=cells(("core:cp:keywords", "semicolon")),
    )
    categories: tuple[str, ...] = several(
        "words",
        help="As keywords.",
        pdf=cells(("xmp:dc:subject", "among")),
        epub=cells(("opf:dc:subject", "among")),
        docx=cells(("core:cp:category", "semicolon")),
    )
    source_url: str = row(
        "address",
        is_always_given=True,
        help="Base of relative links.",
        pdf=cells("xmp:colophon:url", "xmp:dc:source"),
        epub=cells(("opf:dc:source", "url")),
        docx=cells("custom:url"),
    )
    source_name: str = row(
        "display",
        is_always_given=True,
        pdf=cells("xmp:prism:publicationName", "xmp:colophon:source"),
        epub=cells(("opf:dc:source", "name")),
        docx=cells("custom:source"),
    )
    fetched_at: str = row(
        "date", help="In any usual form; kept as ISO 8601.", pdf=cells("xmp:colophon:fetch_date"), docx=cells("custom:fetch_date")
    )
    publisher: str = row(
        "text",
        pdf=cells(("xmp:dc:publisher", "first")),
        epub=cells("opf:dc:publisher"),
        docx=cells("custom:publisher", "app:Company"),
    )
    rights: str = row("text", pdf=cells("xmp:dc:rights"), epub=cells("opf:dc:rights"))
    license: str = row("text", epub=cells("opf:dcterms:license"))
    identifier: str = row("text", epub=cells(("opf:dc:identifier", "among-one")))
    doi: str = row("doi", epub=cells(("opf:dc:identifier", "doi")))
    isbn: str = row("isbn", epub=cells(("opf:dc:identifier", "isbn")))
    series: Series | None = row(  # noqa: RUF009 (it calls dataclasses.field)
        "series",
        None,
        help="A name, or a map of name and index; series_index is accepted, too.",
        epub=cells("opf:belongs-to-collection"),
    )
    cover: str = row("text", is_file=True, help="Name of an uploaded image.")
    version: str = row("text", docx=cells("core:cp:version"))
    type: str = row(
        "text", pdf=cells(("xmp:dc:type", "first"), "xmp:colophon:type"), epub=cells("opf:dc:type", "opf:colophon:type")
    )
    custom: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    front_matter: Mapping[str, Any] = dataclasses.field(default_factory=dict)


FIELDS: Mapping[str, Field] = {
    each.name: each.metadata["row"].named(each.name) for each in dataclasses.fields(Metadata) if "row" in each.metadata
}
