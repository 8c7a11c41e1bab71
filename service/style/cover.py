"""The cover of a document: none, its own image, or a drawn one; as a page or as a file."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from service.ast import pandoc_ast
from service.ast.title_block import title_of
from service.engines.images import device_pictures, svg
from service.model.devices import ANY, DEVICES, Device
from service.model.document import Asset, Conversion, Document, Notice
from service.model.media_bag import SUFFIXES, media_name
from service.model.notices import notice
from service.model.references import cover_reference, named_cover, normal_reference
from service.model.text import dates, labels
from service.style import cover_drawing

NONE, AUTO, FIRST, DRAWN = "none", "auto", "first", "drawn"
SHOWN = "look/cover.svg"
UPRIGHT = 1.15  # ratio of height to width from which an image fills the page alone
LOWEST = 780.0  # units; a drawing for a broader page is in the middle of it
PIXELS = 1_200
REGIONS = {"zh-Hans": "SC", "zh-Hant": "TC", "ja": "JP", "ko": "KR"}


@dataclass(frozen=True, slots=True)
class Cover:
    """`image` is the document's own; without one the cover is drawn from `words`."""

    words: cover_drawing.Words
    image: Asset | None = None


Chosen = tuple[Cover | None, tuple[Notice, ...]]
NOTHING: Chosen = (None, ())


def of(document: Document, conversion: Conversion, stage: str, shown: frozenset[str]) -> Chosen:
    """The requested cover, and a notice if its image is missing; `shown` are the media types that the format can show."""
    asked = conversion.cover
    if asked == NONE:
        return NOTHING
    words = _words(document)
    if asked == DRAWN:
        return Cover(words), ()
    name = named_cover(conversion)
    if name:
        image, doubts = _usable_or_notice(_by_name(document, name), name, stage, shown)
    elif name := document.metadata.cover:
        own = document.assets.get(name) or document.assets.get(cover_reference(document))
        image, doubts = _usable_or_notice(own, name, stage, shown)
    else:
        image, doubts = None, ()
    if image is None and asked == FIRST:
        image = _first(document, shown)
    if image is not None:
        return Cover(words, image), doubts
    return (Cover(words) if asked in (AUTO, FIRST) else None), doubts


def wanted_in_print(conversion: Conversion) -> bool:
    """A page of the document is its cover only on request. An EPUB always shows the article's own cover."""
    return conversion.cover not in ("", NONE)


def _by_name(document: Document, name: str) -> Asset | None:
    wanted = normal_reference(name)
    found = (asset for key, asset in document.assets.items() if normal_reference(key) == wanted)
    return document.assets.get(name) or next(found, None)


def _usable_or_notice(
    asset: Asset | None, name: str, stage: str, shown: frozenset[str]
) -> tuple[Asset | None, tuple[Notice, ...]]:
    if _usable(asset, shown):
        return asset, ()
    reason = asset.problem.partition(": ")[2] if asset and asset.problem else "it was not uploaded with the article"
    return None, (notice("image-missing", f"The cover cannot be shown: {reason}", stage=stage, data={"cover": name[:500]}),)


def _usable(asset: Asset | None, shown: frozenset[str]) -> bool:
    return asset is not None and bool(asset.data) and not asset.problem and asset.media_type in shown


def _first(document: Document, shown: frozenset[str]) -> Asset | None:
    """The first image of the text that can be shown. Its name is the media name, because the passes have bound it."""
    usable = {media_name(each): each for each in document.assets.values() if _usable(each, shown & SUFFIXES.keys())}
    images = (node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Image"}))
    return next((usable[name] for name in images if name in usable), None)


def _words(document: Document) -> cover_drawing.Words:
    metadata = document.metadata
    tag = labels.language(metadata.lang)
    return cover_drawing.Words(
        title=title_of(document),
        subtitle=metadata.subtitle,
        author=labels.authors(metadata),
        source=metadata.publisher or metadata.source_name,
        date=dates.shown(metadata.date, tag),
        wide=REGIONS.get(tag, ""),
    )


def picture(cover: Cover, device: Device = DEVICES[ANY]) -> Asset:
    """The cover as one image file for an EPUB: the document's own, else a PNG of the drawing; converted for the device."""
    if cover.image:
        return device_pictures.cover(cover.image, device)
    width, height = device.cover
    drawn = _png(cover_drawing.draw(cover.words, cover_drawing.WIDTH * height / width), width)
    return device_pictures.cover(drawn, device)


def page_picture(cover: Cover, width: float, height: float) -> Asset:
    """The cover as one image for a page of that size."""
    if cover.image and _is_upright(cover.image):
        return cover.image
    return _png(cover_drawing.draw(cover.words, _units(width, height), _uri(cover.image) if cover.image else ""))


def _png(drawn: str, width: int = PIXELS) -> Asset:
    return Asset("cover.png", svg.rasterised(drawn.encode(), width), "image/png")


def _uri(image: Asset) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"


def _is_upright(image: Asset) -> bool:
    return bool(image.width and image.height) and (image.height or 0) >= UPRIGHT * (image.width or 1)


def _units(width: float, height: float) -> float:
    return max(cover_drawing.WIDTH * height / width, LOWEST)


def markup(cover: Cover, escaped_title: str) -> str:
    """The cover's page as HTML; its image is one of `media`."""
    name = media_name(cover.image) if cover.image and _is_upright(cover.image) else SHOWN
    return f'<section class="cover"><img src="{name}" alt="{escaped_title}"></section>\n'


def media(cover: Cover, width: float, height: float, base: str) -> dict[str, tuple[str, bytes]]:
    """The images of the cover's page besides those of the document, which are at `base`."""
    if cover.image and _is_upright(cover.image):
        return {}
    address = base + media_name(cover.image) if cover.image else ""
    return {SHOWN: ("image/svg+xml", cover_drawing.draw(cover.words, _units(width, height), address).encode())}


def sheet(cover: Cover, width: float, height: float) -> str:
    """The page of the cover: the image from edge to edge, nothing in its margins, and none in those of the title's page."""
    upright = cover.image is not None and _is_upright(cover.image)
    fit = "cover" if upright or cover_drawing.WIDTH * height / width >= LOWEST else "contain"
    boxes = " ".join(f"@{name} {{ content: none }}" for name in MARGIN_BOXES)
    return (
        f"@page cover {{ margin: 0; background: {cover_drawing.palette(cover.words.title).ground}; {boxes} }}\n"
        "@page :nth(2) { @top-left { content: none } @top-right { content: none } }\n"
        f".cover {{ page: cover; break-after: page; width: {width:.2f}mm; height: {height:.2f}mm; overflow: hidden }}\n"
        f".cover img {{ display: block; width: 100%; height: 100%; max-width: none; max-height: none; object-fit: {fit} }}"
    )


MARGIN_BOXES = ("top-left", "top-center", "top-right", "bottom-left", "bottom-center", "bottom-right")
