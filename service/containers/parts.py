"""The result of an inspector, and limited access to the zip and XML of uploaded files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from service.containers import archives
from service.model.errors import ArchiveTooLarge, InvalidDocument, Place

LARGEST_PART = 50_000_000
LARGEST_XML = 20_000_000
MOST_PARTS = 20_000


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The original upload, found inside an artifact."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """`native` is by the places of `service.model.metadata_map`; `record` is colophon.json as it was found, unparsed;
    `seal` is `containers.packages.seal` of the parts when the file was made.
    """

    native: Mapping[str, Any]
    facts: Mapping[str, Any]
    record: bytes | None = None
    source: Enclosed | None = None
    doubts: tuple[str, ...] = field(default=())
    seal: str = ""


Inspector = Callable[[bytes], Found]


@contextmanager
def opened(data: bytes, what: str) -> Any:
    """The zip as a `Parts`. Raises InvalidDocument and ArchiveTooLarge."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise ArchiveTooLarge(f"The {what} has more than {MOST_PARTS:,} parts.", extra={"limit": MOST_PARTS})
            yield Parts(archive)
    except etree.XMLSyntaxError as error:
        detail = f"The {what} contains XML that is not well-formed (line {error.lineno} of the part)."
        raise InvalidDocument(detail, places=[Place(detail, line=error.lineno)]) from error
    except archives.DAMAGED as error:
        raise InvalidDocument(f"The {what} is damaged.") from error


class Parts:
    """Members of a zip. Each is read up to a limit, even if the directory states another size."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = frozenset(archive.namelist())

    def get(self, name: str, limit: int = LARGEST_PART) -> bytes | None:
        if name not in self.names:
            return None
        with self.archive.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ArchiveTooLarge(f"The part {name[:200]!r} is larger than {limit:,} bytes.", extra={"limit": limit})
        return data

    def xml(self, name: str) -> etree._Element | None:
        data = self.get(name, LARGEST_XML)
        return None if data is None else parse(data)


def parse(data: bytes) -> etree._Element:
    """Parses uploaded XML: no entities, no network, no DTD, lxml's own limits on depth and text."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) > 1_000_000)
    return etree.fromstring(data, parser)


def text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def add(native: dict[str, Any], place: str, value: Any) -> None:
    """Puts a value at a place; a second one makes a list of it."""
    if place not in native:
        native[place] = value
    elif isinstance(native[place], list):
        native[place].append(value)
    else:
        native[place] = [native[place], value]
