"""Readers, writers, passes and profiles of other distributions: entry points that the operator installed.

The name of an entry point of `colophon.readers` or `colophon.writers` is the name of a format: `srt` is the suffix `.srt` and
the media type `text/x-srt` (of a writer: `application/x-srt`). So the front knows a format without importing it. Only a
worker loads it (`load`). A profile is data: the folder of a package with a profile.yaml, which is never imported.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Container
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

READERS, WRITERS, PASSES, PROFILES = GROUPS = ("colophon.readers", "colophon.writers", "colophon.passes", "colophon.profiles")
NAME = re.compile("[a-z][a-z0-9_]*")
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Extension:
    """An entry point: `value` is `module:object`, or of a profile the name of a package."""

    group: str
    name: str
    value: str
    distribution: str
    version: str


@functools.cache
def installed() -> tuple[Extension, ...]:
    """All extensions, in the order of groups and names; of two with one name the first distribution by name."""
    found: dict[tuple[str, str], Extension] = {}
    points = entry_points()  # once: each call reads every installed distribution, 10 ms each
    for group in GROUPS:
        known = [each for each in points.select(group=group) if each.dist and NAME.fullmatch(each.name)]
        for each in sorted(known, key=lambda point: (point.name, point.dist.name if point.dist else "")):
            assert each.dist
            extension = Extension(group, each.name, each.value, each.dist.name, each.dist.version)
            found.setdefault((group, each.name), extension)
    return tuple(found.values())


def of(group: str, known: Container[str] = ()) -> dict[str, Extension]:
    """Name → extension of one group, without `known` names: built-in formats cannot be replaced."""
    return {each.name: each for each in installed() if each.group == group and each.name not in known}


def load(group: str, kind: type[Kind], known: Container[str] = ()) -> dict[str, Kind]:
    """Name → object. Raises ImportError with the distribution if one cannot be loaded or has another type."""
    return {name: _loaded(each, kind) for name, each in of(group, known).items()}


def _loaded(extension: Extension, kind: type[Kind]) -> Kind:
    about = f"{extension.group} {extension.name!r} of {extension.distribution} {extension.version}"
    try:
        (point,) = entry_points(group=extension.group, name=extension.name, value=extension.value)
        found = point.load()
    except Exception as error:
        raise ImportError(f"The extension {about} cannot be loaded: {error}") from error
    if not isinstance(found, kind) or getattr(found, "name", "") != extension.name:
        raise ImportError(f"The extension {about} must be a {kind.__name__} with the name {extension.name!r}.")
    return found


def folders() -> list[Path]:
    """The folder of each extension's package, or its file, found without an import: a sandboxed worker may read it."""
    specs = [find_spec(each.value.partition(":")[0].partition(".")[0]) for each in installed()]
    files = [Path(spec.origin) for spec in specs if spec is not None and spec.origin]
    return list(dict.fromkeys(file.parent if file.name == "__init__.py" else file for file in files))


def profile_folders(known: Container[str]) -> dict[str, Path]:
    """Profile → the folder of its package, found without an import."""
    found = {}
    for name, each in of(PROFILES, known).items():
        spec = find_spec(each.value) if each.value.isidentifier() else None
        if spec is not None and spec.origin:
            found[name] = Path(spec.origin).parent
    return found
