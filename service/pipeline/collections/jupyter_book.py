"""Jupyter Book: `_toc.yml` names the root and the chapters without their suffixes, `_config.yml` the whole."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, first_of_parts, joined

KEYS = ("title", "author")


def collection(files: Files) -> Collection | None:
    contents = files.named("_toc.yml", "_toc.yaml")
    if not contents:
        return None
    folder = posixpath.dirname(contents)
    settings = files.settings(joined(folder, "_config.yml"))
    said = {key: settings[key] for key in KEYS if isinstance(settings.get(key), str)}
    named = (joined(folder, name) for name in _files(files.settings(contents)))
    parts = first_of_parts(_parts(files.settings(contents), folder), files)
    site: dict[str, Any] = {"about": said, "media": (folder,), "content": folder, "root": folder, "parts": parts}
    return chosen("jupyter-book", named, files, **site)


def _parts(contents: Mapping[str, Any], folder: str) -> Iterator[tuple[str, str]]:
    """Each file of a part with the caption of the part."""
    found = contents.get("parts")
    for each in found if isinstance(found, list) else []:
        if isinstance(each, Mapping) and isinstance(caption := each.get("caption"), str):
            yield from ((joined(folder, name), caption) for name in _files({"chapters": each.get("chapters")}))


def _files(value: Any) -> Iterator[str]:
    """`root` and each `file`, in any part and section."""
    if isinstance(value, Mapping):
        yield from (value[key] for key in ("root", "file") if isinstance(value.get(key), str))
        for key in ("parts", "chapters", "sections"):
            yield from _files(value.get(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _files(each)
