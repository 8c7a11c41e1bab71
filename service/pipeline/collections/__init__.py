"""The chapters of a book in an archive, their order, and the title of the whole, by the rules of each program.

A kind is one row of KINDS and one function: files → Collection, or None if the files are not of that program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Known
from dataclasses import replace

import orjson

from service.input import bundle
from service.input.gathering import ORDER, PARTS
from service.pipeline.collections import (
    antora,
    bookdown,
    docusaurus,
    hugo,
    jekyll,
    jupyter_book,
    logseq,
    mkdocs,
    notes,
    quarto,
    sphinx,
    summary,
    wiki,
)
from service.pipeline.collections.base import Collection, Files, natural, without_drafts, without_empty

NUMBERED = re.compile(r"\A\d{3}/")
PLAIN = "plain"
# A folder may belong to several programs: the first one that recognises it decides.
KINDS: tuple[Callable[[Files], Collection | None], ...] = (
    summary.collection,
    mkdocs.collection,
    quarto.collection,
    bookdown.collection,
    jupyter_book.collection,
    antora.collection,
    docusaurus.collection,
    hugo.collection,
    sphinx.collection,
    jekyll.collection,
    logseq.collection,
    wiki.collection,
    notes.obsidian,
    notes.notion,
)


def of(data: Mapping[str, bytes], suffixes: Known[str]) -> Collection:
    """By `chapters.json`, else by the program that the files are of, else in the natural order of the names."""
    if listed := _listed(data):
        numbered = all(NUMBERED.match(name) for name in listed)
        return Collection(PLAIN, listed, numbered=numbered, parts=_parts(data, listed))
    files = Files(data, sorted(bundle.readable(data, suffixes), key=natural))
    found = next((found for kind in KINDS if (found := kind(files))), None)
    if found is None:
        return without_empty(Collection(PLAIN, files.articles), data)
    names, drafts = without_drafts(found, files)
    return without_empty(replace(found, names=names, drafts=drafts), data)


def paths(collection: Collection) -> list[str]:
    """The names by which the chapters refer to each other."""
    return [NUMBERED.sub("", name, count=1) if collection.numbered else name for name in collection.names]


def _parts(files: Mapping[str, bytes], listed: Sequence[str]) -> dict[str, str]:
    """The parts that PARTS names, of an earlier book."""
    try:
        found = orjson.loads(files.get(PARTS, b"{}"))
    except ValueError:
        return {}
    known = found.items() if isinstance(found, dict) else ()
    return {name: title for name, title in known if name in listed and isinstance(title, str)}


def _listed(files: Mapping[str, bytes]) -> list[str]:
    """The chapters that ORDER names; empty if it contains anything but files of the bundle, each once."""
    try:
        names = orjson.loads(files.get(ORDER, b"[]"))
    except ValueError:
        return []
    known = isinstance(names, list) and all(isinstance(name, str) and name in files for name in names)
    return names if known and len(set(names)) == len(names) else []
