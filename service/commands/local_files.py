"""The files beside an article that it refers to: a person at the command line has them, an upload brings them along."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from service.model.document import Asset
from service.model.references import named_files

LARGEST = 100_000_000


def assets_beside(article: Path, data: bytes, named: tuple[str, ...] = ()) -> tuple[Asset, ...]:
    """The files in the article's own folder, or below it, that its text names; `named` are further names from the options."""
    folder = article.resolve().parent
    found: dict[str, Asset] = {}
    for name in (*named_files(data), *named):
        path = (folder / unquote(name.split("#")[0].split("?")[0])).resolve()
        if name not in found and path.is_relative_to(folder) and path.is_file() and path.stat().st_size <= LARGEST:
            found[name] = Asset(name, path.read_bytes())
    return tuple(found.values())
