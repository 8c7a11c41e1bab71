"""The pictures of an EPUB by their heads: format, size, colours. Nothing is decoded beyond the first frame's head."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import Image

from service.containers import archives
from service.inspect.epub_accessibility import old
from service.inspect.epub_book import Book, Item
from service.model.errors import ArchiveTooLarge

MOST, LARGEST = 500, 60_000_000  # pictures; bytes of one
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")


class Picture(NamedTuple):
    """`format` is Pillow's name, SVG, or empty for an unreadable file. `size` counts bytes. `has_ink`: CMYK colours."""

    path: str
    size: int
    format: str = ""
    width: int = 0
    height: int = 0
    is_transparent: bool = False
    is_animated: bool = False
    has_ink: bool = False
    is_cover: bool = False

    @property
    def about(self) -> str:
        pixels = f", {self.width} × {self.height} pixels" if self.width else ""
        return f"{self.format or 'unknown'}{pixels}, {self.size:,} bytes"


def of(book: Book) -> tuple[Picture, ...]:
    """At most 500 pictures of the manifest that are in the book."""
    cover = cover_of(book)
    found = [each for each in book.items if each.media_type.startswith("image/") and each.path in book.parts.names]
    return tuple(_picture(book, each, each is cover) for each in found[:MOST])


def cover_of(book: Book) -> Item | None:
    """The item that the package declares as the cover, by EPUB 3 or EPUB 2."""
    marked = next((each for each in book.items if "cover-image" in each.properties), None)
    named = next((each.get("content", "") for each in old(book) if each.get("name") == "cover"), "")
    return marked or book.by_id.get(named)


def _picture(book: Book, item: Item, is_cover: bool) -> Picture:
    size = book.parts.archive.getinfo(item.path).file_size
    plain = Picture(item.path, size, is_cover=is_cover)
    if item.media_type == "image/svg+xml":
        return plain._replace(format="SVG")
    if size > LARGEST:
        return plain
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(book.parts.get(item.path) or b""), formats=FORMATS) as image:
                return plain._replace(
                    format=str(image.format), width=image.width, height=image.height, has_ink=image.mode == "CMYK",
                    is_transparent=image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info,
                    is_animated=bool(getattr(image, "is_animated", False)),
                )  # fmt: skip
    except (ArchiveTooLarge, *archives.DAMAGED):
        return plain
    except Exception:  # decoders raise many types of exceptions
        return plain
