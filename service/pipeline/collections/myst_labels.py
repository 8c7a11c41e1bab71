"""Labels of MyST in a Jupyter Book: `(name)=` before a heading, and links that name a label, or a file, with or without a text.

jupyterbook.org/en/stable/content/references.html, "References and cross-references". Links between chapters become paths with
anchors, and a link without a text gets the title of what it leads to.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.pipeline.collections.base import Changed, Collection, decoded, joined, with_suffix
from service.pipeline.collections.substitutions import MYST, outside_code

LABEL = re.compile(r"^\((?P<name>[^\s()]{1,100})\)=[ \t]*+\n(?:[ \t]*+\n){0,3}(?:#{1,6}[ \t]++(?P<title>[^\n]++))?", re.M)
HEADING = re.compile(r"^#{1,6}[ \t]++([^\n]++)", re.M)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]\n]{0,300}+)\]\((?P<target>[^()\s<>]{1,300}+)\)")
ROLE = re.compile(r"\{(?:ref|doc|std:ref|std:doc)\}`(?P<content>[^`\n]{1,300}+)`")


@dataclass(frozen=True, slots=True)
class Label:
    """The place of a label: its chapter and its anchor there; `title` is that of the heading after it."""

    chapter: str
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class _Book:
    labels: Mapping[str, Label]
    titles: Mapping[str, str]  # chapter → its first heading

    def link(self, chapter: str, target: str, text: str) -> str:
        """The link as Markdown; empty where the target is neither a label nor a chapter."""
        path, _, part = target.partition("#")
        label = self.labels.get(target) or (self.labels.get(part) if not path else None)
        if label:
            where = "" if label.chapter == chapter else _from(chapter, label.chapter)
            return f"[{text or label.title or target}]({where}#{label.anchor})"
        file = with_suffix(joined(posixpath.dirname(chapter), path), self.titles) if path and ":" not in path else ""
        if not file:
            return ""
        title = self.labels[part].title if part in self.labels else self.titles[file]
        anchor = self.labels[part].anchor if part in self.labels else part
        return f"[{text or title or posixpath.basename(path)}]({_from(chapter, file)}{'#' if anchor else ''}{anchor})"


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The chapters in which a link or a label was changed, by name."""
    if collection.kind not in MYST:
        return Changed()
    texts = {name: text for name in collection.names if name.endswith(".md") and (text := decoded(files[name]))}
    labels = {name: label for chapter, text in texts.items() for name, label in _labels(chapter, text).items()}
    book = _Book(labels, {name: _title(texts.get(name, "")) for name in collection.names})
    found = {name: outside_code(text, functools.partial(_changed, chapter=name, book=book)) for name, text in texts.items()}
    return Changed({name: text.encode() for name, text in found.items() if text != texts[name]})


def _labels(chapter: str, text: str) -> dict[str, Label]:
    found = {}
    for match in LABEL.finditer(text):
        found[match["name"]] = Label(chapter, _anchor(match["name"]), _plain(match["title"] or ""))
    return found


def _anchor(name: str) -> str:
    """`structure:index` as an identifier that every format can have."""
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "label"


def _title(text: str) -> str:
    match = HEADING.search(text)
    return _plain(match[1]) if match else ""


def _plain(title: str) -> str:
    return title.strip().rstrip("#").strip().replace("[", "").replace("]", "")


def _from(chapter: str, other: str) -> str:
    return posixpath.relpath(other, posixpath.dirname(chapter) or ".")


def _changed(text: str, chapter: str, book: _Book) -> str:
    text = LABEL.sub(lambda match: match[0].replace(match["name"], _anchor(match["name"]), 1), text)
    text = LINK.sub(lambda match: book.link(chapter, match["target"], match["text"]) or match[0], text)
    return ROLE.sub(lambda match: _role(match["content"], chapter, book) or match[0], text)


def _role(content: str, chapter: str, book: _Book) -> str:
    """A label or path, perhaps after a text: `the ropes <ropes>`."""
    text, bracket, target = content.rstrip(">").rpartition("<")
    return book.link(chapter, target.strip().lstrip("/"), text.strip() if bracket else "")
