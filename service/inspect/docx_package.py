"""A DOCX opened for its checks: the relationships of each part, and the parsed parts with text.

An unreadable part becomes a place of `unreadable`, never an exception.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from service.containers import archives
from service.containers.docx import RELATION, main_part
from service.containers.parts import Parts
from service.inspect.epub_book import Place, line_of
from service.model.errors import ArchiveTooLarge

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TYPES = "[Content_Types].xml"
STORIES = ("footnotes", "endnotes", "header", "footer", "comments")  # parts with text of their own
MOST_BYTES = 60_000_000
LEVELS = 9


class Relation(NamedTuple):
    """A relationship of a part; `target` is a name in the zip, or an address outside of it."""

    id: str
    type: str
    target: str
    is_external: bool
    line: int


@dataclass
class Package:
    """A DOCX opened for its checks. `stories`: name → root of the parts with text, the main one first."""

    parts: Parts
    main: str = ""
    unreadable: list[Place] = field(default_factory=list)
    relations: dict[str, list[Relation]] = field(default_factory=dict)
    stories: dict[str, etree._Element] = field(default_factory=dict)
    others: dict[str, etree._Element | None] = field(default_factory=dict)
    left: int = MOST_BYTES

    def xml(self, name: str) -> etree._Element | None:
        """A part, parsed once; None if it is missing or not well-formed."""
        if name not in self.others:
            self.others[name] = self._parsed(name)
        return self.others[name]

    def _parsed(self, name: str) -> etree._Element | None:
        if name not in self.parts.names:
            return None
        try:
            self.left -= self.parts.archive.getinfo(name).file_size
            if self.left < 0:
                raise ArchiveTooLarge("The part is too large to be checked.")
            if b"<!DOCTYPE" in (self.parts.get(name) or b"")[:4_000]:
                self.unreadable.append(Place(name, 1, "It has a document type declaration."))
                return None
            return self.parts.xml(name)
        except etree.XMLSyntaxError as error:
            self.unreadable.append(Place(name, error.lineno or 0, str(error.msg)[:200]))
        except (ArchiveTooLarge, *archives.DAMAGED) as error:
            detail = error.detail if isinstance(error, ArchiveTooLarge) else "It cannot be unpacked."
            self.unreadable.append(Place(name, 0, detail))
        return None

    def elements(self, *names: str) -> Iterator[tuple[str, etree._Element]]:
        """Elements of WordprocessingML in all parts with text, in the order of reading."""
        for part, root in self.stories.items():
            yield from ((part, each) for each in root.iter(*(f"{WORD}{name}" for name in names)))

    @cached_property
    def headings(self) -> Mapping[str, int]:
        """Style → level of the paragraph styles that are headings, with inherited ones."""
        styles = self.xml(posixpath.join(posixpath.dirname(self.main), "styles.xml"))
        found: dict[str, int] = {}
        bases: dict[str, str] = {}
        for style in styles.iter(f"{WORD}style") if styles is not None else ():
            name = style.get(f"{WORD}styleId", "")
            level, base = style.find(f"{WORD}pPr/{WORD}outlineLvl"), style.find(f"{WORD}basedOn")
            bases[name] = base.get(f"{WORD}val", "") if base is not None else ""
            if level is not None and (level.get(f"{WORD}val") or "").isdecimal():
                found[name] = int(level.get(f"{WORD}val", "0")[:3]) + 1
        for name, parent in bases.items():
            steps, above = 0, parent
            while name not in found and above and steps < 20:
                found |= {name: found[above]} if above in found else {}
                above, steps = bases.get(above, ""), steps + 1
        return {name: level for name, level in found.items() if level <= LEVELS}


def read(parts: Parts) -> Package:
    """Raises InvalidDocument if the package names no main part."""
    package = Package(parts)
    package.main = main_part(package.xml("_rels/.rels"), parts.names)
    for name in sorted(parts.names):
        if name.endswith(".rels"):
            package.relations[name] = list(_relations(package, name))
    named = [each.target for each in package.relations.get(rels_of(package.main), []) if each.type in STORIES]
    for name in [package.main, *dict.fromkeys(named)]:
        if (root := package.xml(name)) is not None:
            package.stories[name] = root
    for name in ("docProps/core.xml", TYPES):
        package.xml(name)
    return package


def rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(package: Package, name: str) -> Iterator[Relation]:
    root = package.xml(name)
    base = posixpath.dirname(posixpath.dirname(name))
    for each in root.iter(RELATION) if root is not None else ():
        target, is_external = each.get("Target", ""), each.get("TargetMode") == "External"
        if not is_external:
            path = unquote(target.partition("#")[0])
            target = posixpath.normpath(path.lstrip("/") if path.startswith("/") else posixpath.join(base, path))
        yield Relation(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], target, is_external, line_of(each))
