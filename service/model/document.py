"""The records of the stages: Source → Document → Artifact, and the notices on the way.

All are frozen: a stage returns a new record and never edits its input (`dataclasses.replace`).
Records for a worker pass through `service.model.codec`, never through pickle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from service.model.blocks import Blocks
from service.model.metadata import Author as Author  # noqa: PLC0414 (exported again)
from service.model.metadata import Metadata as Metadata  # noqa: PLC0414 (exported again)
from service.model.metadata import Series as Series  # noqa: PLC0414 (exported again)
from service.model.options import Options
from service.model.siblings import Siblings as Siblings  # noqa: PLC0414 (exported again)

Severity = Literal["info", "warning"]
Block = dict[str, Any]
Inline = dict[str, Any]
EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Notice:
    """A non-fatal message, returned with the artifact; `code` is stable and listed in docs/notices.md.

    `line` and `column` count from 1 in the decoded source; `data` contains the removed or replaced content.
    """

    code: str
    message: str
    severity: Severity = "info"
    stage: str = ""
    line: int | None = None
    column: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        out: dict[str, Any] = {"code": self.code, "severity": self.severity, "message": self.message}
        optional = (("stage", self.stage), ("line", self.line), ("column", self.column), ("data", dict(self.data)))
        return out | {name: value for name, value in optional if value}


@dataclass(frozen=True, slots=True)
class Asset:
    """A binary that the document refers to. `name` is its reference in the AST (a path or a URL).

    From an upload or the fetcher, `media_type` is empty or a claim. After `engines.images.formats.prepare` it is the type of
    the bytes, and `width` and `height` are pixels. `problem` is the reason why there are no usable bytes. `vector` is the
    SVG that the bytes were drawn from, if the target cannot show an SVG alone.
    """

    name: str
    data: bytes = b""
    media_type: str = ""
    width: int | None = None
    height: int | None = None
    problem: str = ""
    vector: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """An upload. `name` is only a label and is never a path in the file system; `charset` is declared by the client.

    `siblings` are set while an article of a collection is read. `address` is the URL that a page was fetched from, `fetched_at`
    when (ISO 8601); both are empty for an upload.
    """

    name: str
    data: bytes
    media_type: str = ""
    charset: str = ""
    assets: tuple[Asset, ...] = ()
    siblings: Siblings | None = None
    address: str = ""
    fetched_at: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A source after reading: metadata, the blocks of pandoc's AST, and its assets.

    `wanted` are the absolute URLs of images that are not in the upload. The front fetches them between
    `read` and `write`. `source_front_matter` is the raw text with its fences. `chapters` are the records of the
    articles that a book was combined from. `shown_title` and `shown_subtitle` are set if typography changes them for pages.
    """

    metadata: Metadata
    blocks: Blocks
    source: Source
    reader: str = ""
    source_front_matter: str = ""
    assets: Mapping[str, Asset] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    chapters: tuple[Mapping[str, Any], ...] = ()
    shown_title: str = ""
    shown_subtitle: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", Blocks(self.blocks))


@dataclass(frozen=True, slots=True)
class Conversion(Options):
    """The specification: target formats and options. HTTP, CLI and jobs all build it with `schemas.options.load`.

    `conversion.toc` is an option; `conversion[name]` is for names from a table. `given` are the names of the options that
    the request sets: a text cannot change these.
    """

    to: tuple[str, ...]
    given: frozenset[str] = field(default=frozenset(), compare=False, kw_only=True)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A produced file. `report` has for each field the place of the metadata and the value that was read back."""

    name: str
    format: str
    media_type: str
    data: bytes
    notices: tuple[Notice, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()
