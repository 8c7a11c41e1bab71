"""Converts the images of a document for one target, with a notice for each image that becomes something else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from service.engines.images import device_pictures, formats
from service.model.devices import ANY, DEVICES, Device
from service.model.document import Asset, Document
from service.model.notices import notice

SIGNS = {
    b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"BM": "image/bmp",
}  # fmt: skip


def fit(
    document: Document, shown: frozenset[str], quality: int, most_pixels: int = formats.MOST_PIXELS,
    device: Device = DEVICES[ANY], most_bytes: int = 0,
) -> Document:  # fmt: skip
    """The document with every asset prepared for a writer that shows the media types `shown`, and for a device.

    An image of more than `most_pixels` becomes a placeholder. All images together get at most `most_bytes`; 0 sets no limit.
    """
    budget = formats.Budget(most_pixels)
    assets = {name: formats.prepare(asset, shown, quality, budget) for name, asset in document.assets.items()}
    assets = device_pictures.fitted(assets, device, most_bytes)
    document = _over_budget(document, assets.values(), most_bytes)
    pairs = [(name, document.assets[name], asset) for name, asset in assets.items()]
    changed = [_reported(name, before, after) for name, before, after in pairs if _is_changed(before, after)]
    if not changed:
        return replace(document, assets=assets)
    message = f"{len(changed)} images were converted to formats that the target supports"
    reported = notice("image-converted", message, stage="assets", data={"images": changed[:50]})
    return replace(document, assets=assets, notices=(*document.notices, reported))


def _over_budget(document: Document, assets: Iterable[Asset], most_bytes: int) -> Document:
    """Adds a notice if the images have more bytes than the limit."""
    size = sum({each.sha256: len(each.data) for each in assets}.values())
    if not most_bytes or size <= most_bytes:
        return document
    message = f"The images have {-(-size // 1000)} kB, more than the {most_bytes // 1000} kB of image_budget."
    reported = notice("images-over-budget", message, stage="assets", data={"bytes": size, "budget": most_bytes})
    return replace(document, notices=(*document.notices, reported))


def _is_changed(before: Asset, after: Asset) -> bool:
    """A cleaned SVG looks the same if it stays an SVG, or is included next to its PNG."""
    return not (after.problem or after.vector or before.data == after.data or after.media_type == "image/svg+xml")


def _reported(name: str, before: Asset, after: Asset) -> dict[str, object]:
    size = f"{after.width} × {after.height}"
    return {"image": name[:200], "from": _type(before.data), "to": after.media_type, "size": size}


def _type(data: bytes) -> str:
    if data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "image/avif"
    return next((media_type for sign, media_type in SIGNS.items() if data.startswith(sign)), "image/svg+xml")
