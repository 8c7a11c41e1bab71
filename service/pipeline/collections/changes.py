"""The changes of the text of chapters before they are read: one row each, in their order.

A change is a function: files, collection → Changed. It changes the chapters that the collection names, and looks at all files.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace

from service.pipeline.collections import (
    antora,
    book_labels,
    bookdown,
    hidden_lines,
    includes,
    jekyll,
    logseq,
    mkdocs,
    myst_labels,
    substitutions,
    vault_blocks,
    wiki,
)
from service.pipeline.collections.base import Changed, Collection

CHANGES: tuple[Callable[[Mapping[str, bytes], Collection], Changed], ...] = (
    includes.placed,
    mkdocs.placed,
    substitutions.placed,
    myst_labels.placed,
    antora.placed,
    bookdown.placed,
    book_labels.placed,
    wiki.placed,
    vault_blocks.placed,
    jekyll.placed,
    logseq.placed,
    hidden_lines.removed,
)
# Kinds whose chapters need what others say: labels, blocks, names of pages.
TOGETHER = frozenset({"jupyter-book", "sphinx", "logseq", "wiki", "quarto", "bookdown", "obsidian"})


def made(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """All changes of the chapters of a collection."""
    chapters: dict[str, bytes] = {}
    changed = Changed()
    for change in CHANGES:
        found = change(ChainMap(chapters, files), collection)  # type: ignore[arg-type]
        chapters.update(found.chapters)
        changed = replace(changed, notices=(*changed.notices, *found.notices))
    return replace(changed, chapters=chapters)
