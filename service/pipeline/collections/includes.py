"""Files that a chapter includes: the programs of collections place their text before they read the chapter.

The spellings and their selections: mdBook (`{{#include a.rs:2:10}}`, `{{#rustdoc_include a.rs:part}}`,
rust-lang.github.io/mdBook/format/mdbook.html), Quarto (`{{< include _a.qmd >}}`), MkDocs (`--8<-- "a.md"`). A file is found
only in the collection. An include without its file stays, so that the reader reports it.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.input import encoding, frontmatter
from service.model.errors import Refused
from service.pipeline.collections import antora
from service.pipeline.collections.base import Changed, Collection, joined

MAX_DEPTH = 5
MAX_ADDED = 2_000_000  # bytes that the includes of one chapter add
MARKS = (b"{{#", b"--8<--", b"include")
MDBOOK = re.compile(
    r"(?<!\\)\{\{#(?:include|rustdoc_include|playground)[ \t]+(?P<path>[^\s{}:]{1,300})(?P<part>:[^\s{}]{0,80})?[^{}\n]{0,80}\}\}"
)
QUARTO = re.compile(r"^\{\{<[ \t]*include[ \t]+(?P<path>[^\s{}<>]{1,300})[ \t]*>\}\}", re.M)
MKDOCS = re.compile(
    r"""^(?P<lead>[ \t]*+)-{1,3}8<-{1,3}[ \t]+["'](?P<path>[^"'\n:]{1,300})(?P<part>:[^"'\n]{0,80})?["'][ \t]*$""", re.M
)
MYST = re.compile(r"^(?P<mark>`{3,}|:{3,})\{include\}[ \t]+(?P<path>[^\s{}`]{1,300})[ \t]*\n(?P=mark)[ \t]*$", re.M)
RESTRUCTURED = re.compile(r"^\.\.[ \t]+include::[ \t]+(?P<path>[^\s<>]{1,300})[ \t]*$", re.M)
ASCIIDOC = re.compile(
    r"^include::(?P<path>[^\s\[\]]{1,300})\[(?:leveloffset=\+(?P<deeper>\d))?,?(?:opts?=\"?optional\"?)?\]$", re.M
)
ASCIIDOC_HEADING = re.compile(r"^(?==++ )", re.M)
PART_MARK = re.compile(
    r"ANCHOR(?P<end>_END)?:[ \t]*(?P<name>[\w-]+)|-{1,3}8<-{1,3}[ \t]+\[(?P<mode>start|end):(?P<section>[\w-]+)\]"
)
SPELLINGS: Mapping[str, Sequence[re.Pattern[str]]] = {
    "mdbook": (MDBOOK,),
    "quarto": (QUARTO,),
    "mkdocs": (MKDOCS,),
    "jupyter-book": (MYST,),
    "sphinx": (MYST, RESTRUCTURED),
    "antora": (ASCIIDOC,),
}


@dataclass(slots=True)
class _Reading:
    """The includes of one chapter: where files are found, and the remaining size."""

    files: Mapping[str, bytes]
    collection: Collection
    left: int = MAX_ADDED

    def expanded(self, text: str, name: str, open_files: tuple[str, ...]) -> str:
        if len(open_files) > MAX_DEPTH:
            return text

        def placed(found: re.Match[str]) -> str:
            path = self._place(found["path"], name)
            if not path or path in open_files or len(self.files[path]) > self.left:
                return found[0]
            groups = found.groupdict()
            part = _selected(_text(self.files[path], path), (groups.get("part") or "").removeprefix(":"))
            self.left -= len(part)
            inner = self.expanded(part, path, (*open_files, path)).rstrip("\n")
            lead = groups.get("lead") or ""
            if deeper := groups.get("deeper"):
                inner = ASCIIDOC_HEADING.sub("=" * int(deeper), inner)
            return "\n".join(lead + line if line else line for line in inner.split("\n"))

        for pattern in SPELLINGS[self.collection.kind]:
            text = pattern.sub(placed, text)
        return text

    def _place(self, path: str, chapter: str) -> str:
        """The file: relative to the chapter, then to the folders of the collection and to its root."""
        if self.collection.kind == "antora" and (place := antora.place(path, chapter)) in self.files:
            return place
        folder = posixpath.dirname(chapter)
        roots = (folder, *self.collection.media, self.collection.content, posixpath.dirname(self.collection.content), "")
        return next((place for root in roots if (place := joined(root, path.lstrip("/"))) in self.files), "")


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The chapters that include files, by name: with their text. Chapters without includes are not in the answer."""
    if collection.kind not in SPELLINGS:
        return Changed()
    found: dict[str, bytes] = {}
    for name in collection.names:
        if not any(mark in files[name] for mark in MARKS):
            continue
        with contextlib.suppress(Refused):
            text = encoding.decode(files[name])[0]
            if (whole := _Reading(files, collection).expanded(text, name, (name,))) != text:
                found[name] = whole.encode()
    return Changed(found)


def _text(data: bytes, name: str) -> str:
    """The text of an included file. The front matter of an article belongs only to that article."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    if not name.lower().endswith((".md", ".qmd", ".markdown")):
        return text
    try:
        return frontmatter.split(text).body
    except Refused:
        return text


def _selected(text: str, part: str) -> str:
    """The lines that `part` names: `7`, `2:10`, `:10`, `3:`, or a named part between two marks. The marks are left out."""
    lines = text.split("\n")
    first, _, last = part.partition(":")
    if part and all(not each or each.isdecimal() for each in (first, last)):
        start = max(int(first or 1), 1)
        stop = start if ":" not in part else int(last or len(lines))
        lines = lines[start - 1 : stop]
    elif part:
        lines = _between(lines, part)
    return "\n".join(line for line in lines if not PART_MARK.search(line))


def _between(lines: Sequence[str], name: str) -> list[str]:
    """The lines between the marks of that name, or all."""
    inside, found = False, list[str]()
    for line in lines:
        mark = PART_MARK.search(line)
        if mark and name in (mark["name"], mark["section"]):
            inside = not (mark["end"] or mark["mode"] == "end")
        elif inside:
            found.append(line)
    return found or list(lines)
