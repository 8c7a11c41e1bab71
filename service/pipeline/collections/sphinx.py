"""Sphinx: `conf.py` says what the whole is, the `toctree` of each page which pages follow it, from the root document on.

www.sphinx-doc.org/en/master/usage/restructuredtext/directives.html, "Table of contents"; MyST writes it as a directive in a
fence. `conf.py` is not run: only its assignments of literals are read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from itertools import takewhile
from typing import Any

from service.pipeline.collections import python_file
from service.pipeline.collections.base import Collection, Files, chosen, first_of_parts, in_folder, joined, natural, with_suffix

KEYS = {"project": "title", "html_title": "title", "author": "author", "language": "lang"}
FENCED = re.compile(r"(?P<mark>`{3,}+|:{3,}+)\{toctree\}[ \t]*\Z")
DIRECTIVE = re.compile(r"(?P<lead>[ \t]*+)\.\. toctree::[ \t]*\Z")
ENTRY = re.compile(r"(?P<title>[^<>\n]{0,300}+)<(?P<name>[^<>\n]{1,300}+)>\Z")
OPTION = re.compile(r":(?P<key>[\w-]+):[ \t]*+(?P<value>[^\n]*+)\Z|(?P<yaml>\w+):[ \t]++(?P<text>[^\n]++)\Z")
MOST_DEEP = 20


@dataclass(frozen=True, slots=True)
class Tree:
    """One table of contents: its caption, its options, and its entries as (name, title)."""

    caption: str = ""
    options: frozenset[str] = frozenset()
    entries: tuple[tuple[str, str], ...] = ()


def collection(files: Files) -> Collection | None:
    about = files.named("conf.py")
    if not about:
        return None
    folder, settings = posixpath.dirname(about), python_file.assigned(files.text(about))
    root = str(settings.get("root_doc") or settings.get("master_doc") or "index")
    inside = frozenset(in_folder(files.articles, folder))
    first = next((name for suffix in (".rst", ".md", ".ipynb", ".txt") if (name := joined(folder, root + suffix)) in inside), "")
    if not first or not any(_trees(files.text(first))):
        return None
    order = _Order(files, folder, inside)
    order.add(first, "", 0)
    said = {KEYS[key]: settings[key] for key in KEYS if isinstance(settings.get(key), str) and settings[key]}
    site: dict[str, Any] = {"about": said, "media": (folder,), "content": folder, "root": folder, "titles": order.titles}
    site |= {"address": str(settings.get("html_baseurl") or ""), "parts": first_of_parts(order.parts.items(), files)}
    return chosen("sphinx", order.parts, files, **site)


@dataclass(slots=True)
class _Order:
    """The pages as the tables of contents name them: each page before those that it names. `parts`: page → its part."""

    files: Files
    folder: str
    inside: frozenset[str]
    parts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, page: str, part: str, depth: int) -> None:
        if page in self.parts or depth > MOST_DEEP:
            return
        self.parts[page] = part
        for tree in _trees(self.files.text(page)):
            for name, title in self._named(tree, posixpath.dirname(page)):
                if title:
                    self.titles.setdefault(name, title)
                self.add(name, part or (tree.caption if depth == 0 else ""), depth + 1)

    def _named(self, tree: Tree, folder: str) -> Iterator[tuple[str, str]]:
        for name, title in tree.entries:
            path = joined(self.folder, name.lstrip("/")) if name.startswith("/") else joined(folder, name)
            if "glob" in tree.options and "*" in name:
                fitting = (each for each in self.inside if fnmatchcase(posixpath.splitext(each)[0], path))
                yield from ((each, "") for each in sorted(fitting, key=natural, reverse="reversed" in tree.options))
            elif found := with_suffix(path, self.inside):
                yield found, title


def _trees(text: str) -> Iterator[Tree]:
    lines = text.split("\n") if "toctree" in text else []
    for number, line in enumerate(lines):
        fence, directive = FENCED.match(line), DIRECTIVE.match(line)
        if fence or directive:
            inside = (
                partial(_is_before, fence["mark"]) if fence else partial(_is_deeper, len(directive["lead"]) if directive else 0)
            )
            yield _tree([each.strip() for each in takewhile(inside, lines[number + 1 :])])


def _is_before(mark: str, line: str) -> bool:
    return not line.startswith(mark)


def _is_deeper(width: int, line: str) -> bool:
    """Whether the line is blank, or indented by more than `width`."""
    return not line.strip() or len(line) - len(line.lstrip()) > width


def _tree(lines: list[str]) -> Tree:
    options: dict[str, str] = {}
    entries: list[tuple[str, str]] = []
    for line in filter(None, lines):
        option = OPTION.fullmatch(line) if not entries else None
        if option:
            options[option["key"] or option["yaml"]] = option["value"] or option["text"] or ""
        elif line != "---" and not line.startswith((".. ", "#")) and "://" not in line:
            entry = ENTRY.fullmatch(line)
            entries.append((entry["name"].strip(), entry["title"].strip()) if entry else (line, ""))
    return Tree(options.get("caption", "").strip("\"'"), frozenset(options), tuple(entries))
