"""Converts images for a target: recognizes them by their bytes, checks limits before decoding, and changes only what it must.

Runs in a worker, because decoders are a target of attacks. An image that cannot be used keeps its name and gets a
`problem`; the content of an image never raises an exception. Large images and drawings are decoded in a separate process
with a limit of CPU seconds, and a document has a budget of pixels and seconds for all of its images.
"""

from __future__ import annotations

import collections
import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image, ImageOps, UnidentifiedImageError

from service.engines.images import cpu_limit, svg
from service.model.document import Asset

MOST_PIXELS = 40_000_000  # of one image, where no setting says otherwise
LONGEST_SIDE = 16_384
MOST_FRAMES = 500
MOST_PIXELS_IN_ALL = 400_000_000  # of a document; sixty pictures of 39 megapixels, 2 KB in all, took a minute
LARGE = 4_000_000  # pixels that take longer to decode than a separate process takes to start
# 170 mm of measure at 300 dpi: more cannot be seen on the page.
WIDEST = 2_000
SHARPNESS = 3  # pixels of a PNG for each CSS pixel of the SVG that it is drawn from: 288 dpi
DEEP = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N"})
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
MEDIA_TYPES = {
    "PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif", "BMP": "image/bmp",
}  # fmt: skip


class Unusable(Exception):
    """The image cannot be used; the text is safe to show."""


class TooSlow(Unusable):
    """The image used all of its CPU time."""


class Busy(TooSlow):
    """The machine was too busy to decode it in time."""


class Budget:
    """The budget left for the images of one document. `pixels` are counted before decoding.

    `most_pixels` is the limit of one image.
    """

    def __init__(self, most_pixels: int = MOST_PIXELS) -> None:
        self.pixels, self.most_pixels = MOST_PIXELS_IN_ALL, most_pixels
        self.processes = cpu_limit.Allowance()
        self._counted: set[bytes] = set()

    def take(self, data: bytes, pixels: int) -> None:
        """Counts each picture once, however often it is used. Raises Unusable if the document has no pixels left."""
        if data in self._counted:
            return
        if pixels > self.pixels:
            raise Unusable(f"the images of the article have more than {MOST_PIXELS_IN_ALL:,} pixels in all")
        self.pixels -= pixels
        self._counted.add(data)


def prepare(asset: Asset, shown: frozenset[str], quality: int = 85, budget: Budget | None = None) -> Asset:
    """`asset` in a form of `shown` (media types), its true media type and pixel size filled in, or with a problem."""
    if asset.problem or not asset.data:
        return asset if asset.problem else replace(asset, problem="unusable: it is empty")
    try:
        data, media_type, width, height, vector = _prepared(asset.data, shown, quality, budget or Budget())
    except Busy as error:
        return replace(asset, data=b"", problem=f"busy: {error}")
    except Unusable as error:
        return replace(asset, data=b"", problem=f"unusable: {error}")
    return replace(asset, data=data, media_type=media_type, width=width, height=height, vector=vector)


Prepared = tuple[bytes, str, int, int, bytes]
KNOWN: collections.OrderedDict[tuple[bytes, frozenset[str], int], Prepared] = collections.OrderedDict()
MOST_KNOWN = 64


def _prepared(data: bytes, shown: frozenset[str], quality: int, budget: Budget) -> Prepared:
    """Cached, because one picture often occurs in several places and targets of a document."""
    drawing = svg.looks_like_svg(data)
    size = (0, 0) if drawing else _size(data, budget.most_pixels)
    budget.take(data, size[0] * size[1])
    key = (data, shown, quality)
    if key not in KNOWN:
        if drawing:
            KNOWN[key] = _drawn(data, shown, budget)
        elif size[0] * size[1] > LARGE:
            KNOWN[key] = _decoded_apart(data, shown, quality, budget)
        else:
            KNOWN[key] = _decoded(data, shown, quality)
        if len(KNOWN) > MOST_KNOWN:
            KNOWN.popitem(last=False)
    return KNOWN[key]


def _apart(work: Callable[[], bytes], budget: Budget) -> bytes:
    """Runs `work` in a separate process and returns its result. Raises Unusable."""
    try:
        return budget.processes.run(work)
    except cpu_limit.Busy:
        raise Busy("the service is too busy to decode or draw it") from None
    except cpu_limit.TooSlow:
        raise TooSlow("it takes too long to decode or draw") from None
    except cpu_limit.Failed as error:
        raise Unusable(str(error) or "it is damaged") from None


def _decoded_apart(data: bytes, shown: frozenset[str], quality: int, budget: Budget) -> Prepared:
    def packed() -> bytes:
        made, media_type, width, height, _ = _decoded(data, shown, quality)
        return f"{media_type} {width} {height}\n".encode() + made

    head, _, made = _apart(packed, budget).partition(b"\n")
    media_type, width, height = head.decode().split()
    return made, media_type, int(width), int(height), b""


def _size(data: bytes, most_pixels: int) -> tuple[int, int]:
    """By the head of the file alone. Raises Unusable for more pixels or frames than an image may have."""
    with _opened(data) as image:
        width, height = image.size
        if width * height > most_pixels or max(width, height) > LONGEST_SIDE:
            raise Unusable(f"it has too many pixels ({width} × {height})")
        if getattr(image, "n_frames", 1) > MOST_FRAMES:
            raise Unusable("it has too many frames")
        return width, height


def _decoded(data: bytes, shown: frozenset[str], quality: int) -> Prepared:
    with _opened(data) as image:
        return _converted(image, data, shown, quality)


@contextlib.contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Raises Unusable for any exception of a decoder."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                yield image
        except UnidentifiedImageError:
            raise Unusable("it is not a PNG, JPEG, GIF, WebP, AVIF or SVG image") from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unusable("it has too many pixels") from None
        except Unusable:
            raise
        except Exception:  # Pillow passes on what its decoders raise: SystemError, struct.error, zlib.error…
            raise Unusable("it is damaged") from None


def _converted(image: Image.Image, data: bytes, shown: frozenset[str], quality: int) -> Prepared:
    width, height = image.size
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


def _drawn(data: bytes, shown: frozenset[str], budget: Budget) -> Prepared:
    try:
        clean, width, height = svg.clean(data)
    except svg.Unsafe as error:
        raise Unusable(str(error)) from None
    if "image/svg+xml" in shown:
        return clean, "image/svg+xml", width, height, b""
    pixels = min(WIDEST, max(width * SHARPNESS, 64))
    return _rasterised(clean, pixels, budget), "image/png", width, height, clean


def _rasterised(clean: bytes, pixels: int, budget: Budget) -> bytes:
    """A drawing that is too costly at full size, for example with a hundred masks, is drawn with a sixteenth of the pixels."""
    try:
        return _apart(lambda: svg.rasterised(clean, pixels), budget)
    except Busy:
        raise
    except TooSlow:
        return _apart(lambda: svg.rasterised(clean, max(1, pixels // 4)), budget)
