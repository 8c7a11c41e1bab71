"""Font files of a request or in a folder of the operator: their names and limits. Nothing is read here.

A file in the folder `colophon-fonts` next to an article is a font of its conversion. An upload in the field `font` gets a
name in that folder, so that jobs, caches and batches handle it like every other file next to an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from service.model import operator_folders
from service.model.document import Asset

FOLDER = "colophon-fonts"
SUFFIXES = (".ttf", ".otf", ".ttc", ".otc", ".woff", ".woff2")
TAG = "u"  # while a PDF is printed, names of uploaded families begin with it and eight digits of their hash
ROLES = ("font", "heading_font", "code_font")  # the options that name a font
MOST_FILES = 20  # of a conversion
LARGEST_FILE = 50_000_000  # bytes, unpacked


def is_font(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def is_uploaded(name: str) -> bool:
    """Whether the asset of that name is a font of its conversion."""
    return PurePosixPath(name).parent.name == FOLDER and is_font(name)


def asset_name(name: str) -> str:
    """The name of the asset for an uploaded font file."""
    return f"{FOLDER}/{PurePosixPath(name.replace(chr(92), '/')).name or 'font'}"


def among(assets: Iterable[Asset]) -> list[Asset]:
    """The fonts of a conversion among its assets, in their order."""
    return [each for each in assets if is_uploaded(each.name)]


def configured(environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder of COLOPHON_FONTS, or of `fonts` in the file of COLOPHON_CONFIG. None: no folder."""
    return operator_folders.configured("fonts", environ)


def of_operator() -> list[Path]:
    """The font files in the folder of the operator."""
    folder = configured()
    if folder is None or not folder.is_dir():
        return []
    return [file for file in sorted(folder.rglob("*")) if is_font(file.name) and file.is_file()]
