"""The files beside an article that it refers to: a person at the command line has them, an upload brings them along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from service.document import Asset

# Targets of images and links, of HTML's src, and of front-matter keys that name a file. Too many is no harm: what
# the article does not refer to is not used.
TARGETS = re.compile(
    r"""\]\(\s*<?([^)>\s"']+) | ^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+) | \bsrc\s*=\s*["']([^"']+)
    | ^(?:cover|image|thumbnail)\s*:\s*(\S+)""",
    re.M | re.X,
)
REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.I)
LARGEST = 100_000_000


def assets_beside(article: Path, data: bytes, named: tuple[str, ...] = ()) -> tuple[Asset, ...]:
    """The files in the article's own folder, or below it, that its text names; `named` are further names from the options."""
    folder = article.resolve().parent
    found: dict[str, Asset] = {}
    for name in (*_names(data), *named):
        path = (folder / unquote(name.split("#")[0].split("?")[0])).resolve()
        if name not in found and path.is_relative_to(folder) and path.is_file() and path.stat().st_size <= LARGEST:
            found[name] = Asset(name, path.read_bytes())
    return tuple(found.values())


def _names(data: bytes) -> Iterator[str]:
    for match in TARGETS.finditer(data.decode("utf-8", "replace")):
        name = next(filter(None, match.groups())).strip("\"'")
        if not REMOTE.match(name) and "\0" not in name and len(name) < 1000:
            yield name
