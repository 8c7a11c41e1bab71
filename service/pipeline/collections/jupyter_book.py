"""Jupyter Book: `_toc.yml` names the root and the chapters without their suffixes, `_config.yml` the whole."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, joined

KEYS = ("title", "author")


def collection(files: Files) -> Collection | None:
    contents = files.named("_toc.yml", "_toc.yaml")
    if not contents:
        return None
    folder = posixpath.dirname(contents)
    settings = files.settings(joined(folder, "_config.yml"))
    said = {key: settings[key] for key in KEYS if isinstance(settings.get(key), str)}
    named = (joined(folder, name) for name in _files(files.settings(contents)))
    return chosen("jupyter-book", named, files, about=said, media=(folder,), content=folder, root=folder)


def _files(value: Any) -> Iterator[str]:
    """`root` and each `file`, whatever parts and sections they stand in."""
    if isinstance(value, Mapping):
        yield from (value[key] for key in ("root", "file") if isinstance(value.get(key), str))
        for key in ("parts", "chapters", "sections"):
            yield from _files(value.get(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _files(each)
