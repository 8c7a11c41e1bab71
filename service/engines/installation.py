"""The parts of this installation for `colophon doctor`, /readyz and /version: versions, fonts, missing parts."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import hashlib
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import schemas
import service
from service import __version__
from service.engines.fonts import house_fonts
from service.engines.pandoc import process
from service.engines.weasyprint import fonts, tested_versions
from service.model import extensions
from service.model.profiles import house

PACKAGES = tuple(Path(package.__path__[0]) for package in (service, schemas))
COMPILED = frozenset({".pyc", ""})
HARFBUZZ_SUBSET = "libharfbuzz-subset.so.0"


@functools.cache
def versions() -> Mapping[str, str]:
    """Name → version; empty for a part that is not installed."""
    return {
        "colophon": __version__,
        "python": platform.python_version(),
        "pandoc": _pandoc(),
        "weasyprint": version("weasyprint"),
        "pango": _pango(),
        "harfbuzz-subset": _harfbuzz_subset(),
        "fontconfig": _fontconfig(),
    }


@functools.cache
def fingerprint() -> Mapping[str, Any]:
    """Everything in this installation that an artifact depends on: the same fingerprint gives the same bytes
    (tests/writers/test_reproducible.py)."""
    ours = hashlib.sha256()
    for path in sorted(each for package in PACKAGES for each in package.rglob("*") if each.suffix not in COMPILED):
        if path.is_file():
            ours.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return {"versions": dict(versions()), "fonts": fonts.installed(), "code": ours.hexdigest()} | _extensions()


def _extensions() -> dict[str, Any]:
    """The versions of extensions. Without extensions it is empty, so the fingerprint does not change."""
    house_files = (file for folder in house.folders().values() for file in sorted(folder.iterdir()) if file.is_file())
    found = [f"profile {file.parent.name}/{file.name} {_digest(file)}" for file in house_files]
    found += [f"{each.group} {each.name} {each.distribution} {each.version}" for each in extensions.installed()]
    if operators := house_fonts.digest():
        found.append(f"fonts {operators}")
    return {"extensions": found} if found else {}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _pandoc() -> str:
    try:
        done = subprocess.run([process.binary(), "--version"], capture_output=True, text=True, timeout=20, check=True, env={})
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.split(maxsplit=2)[1]


def _pango() -> str:
    library = _library("libpango-1.0.so.0")
    if library is None:
        return ""
    library.pango_version_string.restype = ctypes.c_char_p
    return str(library.pango_version_string().decode())


def _harfbuzz_subset() -> str:
    """The version of HarfBuzz if its subsetter is installed. Without it a Chinese page takes seven times as long (measured)."""
    library = _library("libharfbuzz.so.0") if _library(HARFBUZZ_SUBSET) is not None else None
    if library is None:
        return ""
    library.hb_version_string.restype = ctypes.c_char_p
    return str(library.hb_version_string().decode())


def _fontconfig() -> str:
    try:
        return fonts.Fontconfig().version
    except OSError:
        return ""


def _library(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def warnings() -> list[str]:
    """The missing parts, each with a remedy."""
    found = versions()
    lines = [*tested_versions.warnings(), *fonts.warnings()]
    if not found["harfbuzz-subset"]:
        lines.append("HarfBuzz's subsetter is missing: PDFs with CJK text are slow. Install libharfbuzz-subset0.")
    return lines + [f"{name} is missing." for name in ("pandoc", "pango") if not found[name]]


def facts() -> dict[str, Any]:
    return {"versions": dict(versions()), "fonts": dict(fonts.coverage()), "warnings": warnings()}
