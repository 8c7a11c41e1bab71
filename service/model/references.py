"""When two spellings name the same upload, which files a text names, and where a cover is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urljoin

from service.model.document import Conversion, Document
from service.model.formats import INPUT_FORMATS

# Targets of images and links in each markup, and front-matter keys that name a file. Too many is no harm: what the article
# does not refer to is not used.
TARGETS = re.compile("|".join(each.references for each in INPUT_FORMATS.values() if each.references), re.M | re.X)
REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.I)


# Options that may name an uploaded file; what has braces or a line feed in it is a style sheet, and no name of one.
NAMING = ("bibliography", "csl", "cover", "css")
NO_NAME = re.compile(r"[{}\n]|.{201}", re.S)


def named_by_options(conversion: Conversion) -> tuple[str, ...]:
    """What the options name that could be a file beside the article."""
    return tuple(conversion[name] for name in NAMING if conversion[name] and not NO_NAME.search(conversion[name]))


def named_files(data: bytes) -> Iterator[str]:
    """What an article's bytes name that could be a file beside it, as it stands there."""
    for match in TARGETS.finditer(data.decode("utf-8", "replace")):
        name = next(filter(None, match.groups())).strip("\"'")
        if not REMOTE.match(name) and "\0" not in name and len(name) < 1000:
            yield name


def normal_reference(reference: str) -> str:
    """`./a%20b.png?x` and `a b.png` name the same upload."""
    path = unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
    return "/".join(part for part in path.split("/") if part not in {"", "."})


def cover_reference(document: Document) -> str:
    """What the front matter's `cover` refers to: by the article's own URL where it is relative to that."""
    cover, base = document.metadata.cover, document.metadata.source_url
    try:
        return urljoin(base, cover) if base else cover
    except ValueError:
        return cover


def to_fetch(wanted: Sequence[str], conversion: Conversion) -> Sequence[str]:
    """The images without which a document is not written."""
    return wanted if conversion["images"] == "embed" else ()
