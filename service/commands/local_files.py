"""Finds the local files that an article or an option names. The command line adds them; an upload contains them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from service.commands.flags import settings
from service.containers import packages
from service.conversion import outlines
from service.input import gathering
from service.model import font_files
from service.model.document import Asset, Conversion, Source
from service.model.references import named_by_options, named_files, names_file
from service.network.pages import PageFetcher, name_of

LARGEST = 100_000_000
NO_CONTENT = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__", "_site", "_book", "site-packages"})


def assets_next_to(article: Path, data: bytes, named: tuple[str, ...] = ()) -> tuple[Asset, ...]:
    """The files in or below the folder of the article that its text names. `named`: further names from the options."""
    folder = article.resolve().parent
    found: dict[str, Asset] = {}
    for name in (*named_files(data), *named):
        plain = f"{folder}/{unquote(name.split('#')[0].split('?')[0])}"
        if name in found or not os.path.isfile(plain):  # noqa: PTH113 (most names are not files; Path.resolve costs ten times as much)
            continue
        path = Path(plain).resolve()
        if path.is_relative_to(folder) and _fits(path):
            found[name] = Asset(name, path.read_bytes())
    return tuple(found.values())


def named_by_flags(flags: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Asset, ...]]:
    """The flags for every article of the run, and the files that they name, relative to the working directory.

    A path that leads out of the article's folder (absolute, or with `..`) gets a name that an upload can have. A name
    that is not a file here stays as it is: the file may be next to an article, or in its archive.
    """
    flags, found = _fonts(flags)
    for option, value in flags.items():
        if option in font_files.ROLES or not names_file(option, value) or not _fits(path := Path(value)):
            continue
        if path.is_absolute() or ".." in path.parts:
            flags[option] = f"option-{option}/{path.name}"
        found.append(Asset(flags[option], path.read_bytes()))
    return flags, tuple(found)


def _fonts(flags: Mapping[str, Any]) -> tuple[dict[str, Any], list[Asset]]:
    """The flags with the name of a font file for its path, and the files. Raises click.UsageError for two families."""
    flags, found = dict(flags), dict[str, Asset]()
    for role in font_files.ROLES:
        given = [flags[role]] if isinstance(flags.get(role), str) else [*flags.get(role, ())]
        families = [each for each in given if not font_files.is_font(each)]
        if len(families) > 1:
            raise click.UsageError(f"--{role.replace('_', '-')}: name one family, not {len(families)}. Files can be several.")
        for path in (Path(each) for each in given if font_files.is_font(each) and _fits(Path(each))):
            name = font_files.asset_name(path.name)
            found[name] = Asset(name, path.read_bytes())
        if given:
            flags[role] = (families or [_font_name(each) for each in given])[0]
    return flags, list(found.values())


def _font_name(given: str) -> str:
    """The name of a font file in a conversion. A file that is not here may be next to the article."""
    return Path(given).name if _fits(Path(given)) else given


def is_address(file: str) -> bool:
    """Whether a FILE of a command is the address of a page."""
    return file.lower().startswith(("http://", "https://"))


def fetched(url: str) -> Source:
    """The page at an address. Raises ForbiddenUrl, FetchFailed. The user of the command allows the fetch."""
    return PageFetcher(settings())([url])[0]


def named_only(url: str) -> Source:
    """A page that a service fetches: its address, and no bytes."""
    return Source(name_of(url, "text/html"), b"", address=url)


def source_of(
    file: str, conversion: Conversion, named: Sequence[Asset] | None, fetch: Callable[[str], Source] = fetched
) -> Source:
    """The article, or standard input for `-`, with the files that it names. A folder becomes a zip. Raises OSError.

    `named` are the files that the options name; None for a chapter, because those files belong to the book. `fetch` returns
    the page at an address.
    """
    if is_address(file):
        return _with_feeds(replace(fetch(file), assets=tuple(named or ())), conversion, fetch)
    if file == "-":
        return _with_feeds(Source("stdin", sys.stdin.buffer.read(), assets=tuple(named or ())), conversion, fetch)
    path = Path(file)
    if path.is_dir():
        return Source(f"{path.resolve().name}.zip", zipped(path), gathering.ZIP, assets=tuple(named or ()))
    data = path.read_bytes()
    next_to = assets_next_to(path, data, named_by_options(conversion) if named is not None else ())
    return _with_feeds(Source(path.name, data, assets=with_further(next_to, named or ())), conversion, fetch)


def _with_feeds(source: Source, conversion: Conversion, fetch: Callable[[str], Source]) -> Source:
    """An OPML file of feeds as a book of their entries; a service that converts fetches them itself. Raises FetchFailed."""
    if fetch is named_only or not outlines.has_feeds(source, conversion):
        return source
    plain = replace(source, assets=())
    book = outlines.book(outlines.opened([plain], conversion, PageFetcher(settings()).some))
    return replace(book, assets=(*book.assets, *source.assets))


def zipped(folder: Path) -> bytes:
    """The files below a folder as a zip, without links and what belongs to programs. Raises OSError, also beyond LARGEST."""
    files: dict[str, bytes] = {}
    left = LARGEST
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or NO_CONTENT.intersection(inside.parts):
            continue
        left -= path.stat().st_size
        if left < 0:
            raise OSError(errno.EFBIG, f"The files in the folder exceed the limit of {LARGEST:,} bytes", str(folder))
        files[inside.as_posix()] = path.read_bytes()
    return packages.pack(files, stored=frozenset(files))


def write_whole(path: Path, data: bytes) -> None:
    """Writes the file whole or not at all: an interrupted run leaves no part of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():  # /dev/null, a pipe
        path.write_bytes(data)
        return
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def with_further(assets: Sequence[Asset], further: Iterable[Asset]) -> tuple[Asset, ...]:
    """`assets`, and those of `further` with other names."""
    known = {asset.name for asset in assets}
    return (*assets, *(asset for asset in further if asset.name not in known))


def _fits(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= LARGEST
