"""Images made fit for a target: told by their bytes, bounded before they are decoded, changed only where they must be.

Runs in a worker, for a decoder is what an attacker aims at. An image that can't be used keeps its name and gets a
`problem`; nothing here raises for what an image holds.
"""

from __future__ import annotations

import functools
import io
import warnings
from dataclasses import replace

from PIL import Image, ImageOps, UnidentifiedImageError

from service.engines.images import svg
from service.model.document import Asset

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_384
MOST_FRAMES = 500
# 170 mm of measure at 300 dpi: more can't be seen on the page.
WIDEST = 2_000
SHARPNESS = 3  # pixels of a PNG for each CSS pixel of the SVG that it is drawn from: 288 dpi
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
MEDIA_TYPES = {
    "PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif", "BMP": "image/bmp",
}  # fmt: skip


class Unusable(Exception):
    """Why; the text is safe to show."""


def prepare(asset: Asset, shown: frozenset[str], quality: int = 85) -> Asset:
    """`asset` in a form of `shown` (media types), its true media type and pixel size filled in, or with a problem."""
    if asset.problem or not asset.data:
        return asset if asset.problem else replace(asset, problem="unusable: it is empty")
    try:
        data, media_type, width, height, vector = _prepared(asset.data, shown, quality)
    except Unusable as error:
        return replace(asset, data=b"", problem=f"unusable: {error}")
    return replace(asset, data=data, media_type=media_type, width=width, height=height, vector=vector)


Prepared = tuple[bytes, str, int, int, bytes]


@functools.lru_cache(maxsize=64)
def _prepared(data: bytes, shown: frozenset[str], quality: int) -> Prepared:
    """Cached, for one picture often stands in several places and targets of a document."""
    if svg.looks_like_svg(data):
        return _drawn(data, shown)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _converted(image, data, shown, quality)
        except UnidentifiedImageError:
            raise Unusable("it is not a PNG, JPEG, GIF, WebP, AVIF or SVG image") from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unusable("it has too many pixels") from None
        except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError, TypeError, KeyError, IndexError):
            raise Unusable("it is damaged") from None


def _converted(image: Image.Image, data: bytes, shown: frozenset[str], quality: int) -> Prepared:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Unusable(f"it has too many pixels ({width} × {height})")
    if getattr(image, "n_frames", 1) > MOST_FRAMES:
        raise Unusable("it has too many frames")
    media_type = MEDIA_TYPES[str(image.format)]
    turned = image.getexif().get(0x0112, 1) not in (0, 1)
    image.load()
    if image.mode in DEEP:
        image = _shallow(image)
        return (*_encoded(image, photo=False, quality=quality), image.width, image.height, b"")
    if media_type in shown and width <= WIDEST and not turned:
        return data, media_type, width, height, b""
    upright = ImageOps.exif_transpose(image) or image
    if upright.width > WIDEST:
        upright = upright.resize((WIDEST, max(1, round(upright.height * WIDEST / upright.width))), Image.Resampling.LANCZOS)
    encoded, media_type = _encoded(upright, image.format == "JPEG", quality)
    return encoded, media_type, upright.width, upright.height, b""


def _shallow(image: Image.Image) -> Image.Image:
    """Grey of 16 bits as grey of 8: neither WeasyPrint nor the conversions of Pillow scale it."""
    flat = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return flat if flat.width <= WIDEST else flat.resize((WIDEST, max(1, round(flat.height * WIDEST / flat.width))))


def _encoded(image: Image.Image, photo: bool, quality: int) -> tuple[bytes, str]:
    """JPEG for photographs, PNG for what has transparency or few colours; without metadata, so that bytes are stable."""
    output = io.BytesIO()
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if transparent and image.convert("RGBA").getchannel("A").getextrema() == (255, 255):
        transparent = False
    if not photo and (transparent or image.mode in {"1", "P", "L"} or image.getcolors(4_096) is not None):
        kept = image if image.mode in {"1", "L", "P", "RGB", "RGBA"} else image.convert("RGBA" if transparent else "RGB")
        kept.save(output, "PNG", optimize=False, compress_level=6)
        return output.getvalue(), "image/png"
    image.convert("RGB").save(output, "JPEG", quality=quality, optimize=True, subsampling=1)
    return output.getvalue(), "image/jpeg"


def _drawn(data: bytes, shown: frozenset[str]) -> Prepared:
    try:
        clean, width, height = svg.clean(data)
        if "image/svg+xml" in shown:
            return clean, "image/svg+xml", width, height, b""
        pixels = min(WIDEST, max(width * SHARPNESS, 64))
        return svg.rasterised(clean, pixels), "image/png", width, height, clean
    except svg.Unsafe as error:
        raise Unusable(str(error)) from None
