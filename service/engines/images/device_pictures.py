"""Pictures for an e-reader: without transparency or motion where the device asks for it, and within its limits of size.

`budget` is for all pictures of a document. Small ones do not change. The others share the rest in equal parts.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace

from PIL import Image

from service.engines.images import cpu_limit, svg
from service.model.devices import Device
from service.model.document import Asset

RASTER = frozenset({"image/png", "image/jpeg", "image/gif"})
QUALITIES = (75, 65, 55, 45, 35)
STEP, STEPS, LEAST = 0.75, 12, 64  # of width and height for each try; tries; pixels of the shorter side
BARE = frozenset({"1", "L", "RGB"})  # modes that a JPEG or an opaque PNG can have


def fitted(assets: Mapping[str, Asset], device: Device, budget: int = 0) -> dict[str, Asset]:
    """The assets by the limits of the device; `budget` counts bytes for all of them, 0 for no limit.

    An asset that cannot be converted does not change. One that cannot become small enough becomes as small as possible.
    """
    allowance = cpu_limit.Allowance()
    found = {name: _plain(each, device, allowance) for name, each in assets.items()}
    if not budget:
        return found
    targets = _targets({each.sha256: len(each.data) for each in found.values() if _is_raster(each)}, budget)
    return {
        name: _shrunk(each, targets[each.sha256], allowance) if _is_raster(each) and each.sha256 in targets else each
        for name, each in found.items()
    }


def cover(asset: Asset, device: Device, most: int = 3_000_000) -> Asset:
    """The cover picture in a format that the device accepts for covers, in at most `most` bytes. It is never enlarged."""
    if not device.is_specific or not asset.data:
        return asset
    if asset.media_type == "image/svg+xml":
        asset = replace(asset, data=svg.rasterised(asset.data, device.cover[0]), media_type="image/png")
    allowance, is_foreign = cpu_limit.Allowance(), asset.media_type not in device.cover_images
    asset = _run(asset, lambda data: _changed(data, device, always=is_foreign), allowance)
    return _shrunk(asset, most, allowance) if len(asset.data) > most else asset


def _is_raster(asset: Asset) -> bool:
    return bool(asset.data) and not asset.problem and asset.media_type in RASTER


def _targets(sizes: Mapping[str, int], budget: int) -> dict[str, int]:
    """The number of bytes for each picture that must become smaller."""
    if sum(sizes.values()) <= budget:
        return {}
    left, targets = budget, dict[str, int]()
    for number, (key, size) in enumerate(sorted(sizes.items(), key=lambda each: each[1])):
        share = max(1, left // (len(sizes) - number))
        if size > share:
            targets[key] = share
        left -= min(size, share)
    return targets


def _plain(asset: Asset, device: Device, allowance: cpu_limit.Allowance) -> Asset:
    if not _is_raster(asset) or not device.is_specific:
        return asset
    changed = _run(asset, lambda data: _changed(data, device), allowance)
    if device.most_bytes and len(changed.data) > device.most_bytes:
        changed = _shrunk(changed, device.most_bytes, allowance)
    return changed


def _shrunk(asset: Asset, most: int, allowance: cpu_limit.Allowance) -> Asset:
    return _run(asset, lambda data: _smaller(data, most), allowance)


def _run(asset: Asset, work: Callable[[bytes], bytes], allowance: cpu_limit.Allowance) -> Asset:
    """The asset that `work` (bytes → bytes, empty: no change) makes in a process with limits; the same where that fails."""
    try:
        made = allowance.run(lambda: work(asset.data))
    except (cpu_limit.TooSlow, cpu_limit.Failed):
        return asset
    if not made:
        return asset
    with Image.open(io.BytesIO(made), formats=("PNG", "JPEG")) as image:
        width, height, kind = image.width, image.height, str(image.format).lower()
    return replace(asset, data=made, media_type=f"image/{kind}", width=width, height=height)


def _changed(data: bytes, device: Device, always: bool = False) -> bytes:
    """The picture by the rules of the device; empty where it breaks none, but with `always`."""
    with Image.open(io.BytesIO(data)) as image:
        moves = bool(getattr(image, "is_animated", False))
        sheer = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        large = device.most_pixels and image.width * image.height > device.most_pixels
        if not (always or large or image.mode == "CMYK" or (moves and device.is_still) or (sheer and device.is_opaque)):
            return b""
        is_photograph = image.format == "JPEG"
        plain: Image.Image = _on_white(image) if sheer and device.is_opaque else image.copy()
    plain = plain if plain.mode in (*BARE, "RGBA") else plain.convert("RGBA" if sheer and not device.is_opaque else "RGB")
    if large:
        share = (device.most_pixels / (plain.width * plain.height)) ** 0.5
        plain = plain.resize((max(1, int(plain.width * share)), max(1, int(plain.height * share))), Image.Resampling.LANCZOS)
    return _jpeg(plain, 90) if is_photograph else _png(plain)


def _on_white(image: Image.Image) -> Image.Image:
    sheer = image.convert("RGBA")
    ground = Image.new("RGBA", sheer.size, "white")
    return Image.alpha_composite(ground, sheer).convert("RGB")


def _smaller(data: bytes, most: int) -> bytes:
    """The picture as JPEG in at most `most` bytes, or the smallest that was made; empty where that saves nothing."""
    with Image.open(io.BytesIO(data)) as image:
        sheer = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        plain: Image.Image = _on_white(image) if sheer else image.convert("RGB")
    best, share = data, 1.0
    for _ in range(STEPS):
        size = (max(1, round(plain.width * share)), max(1, round(plain.height * share)))
        scaled = plain.resize(size, Image.Resampling.LANCZOS) if share < 1 else plain
        for quality in QUALITIES:
            best = min(best, _jpeg(scaled, quality), key=len)
            if len(best) <= most:
                return b"" if best is data else best
        share *= STEP
        if min(size) * STEP < LEAST:
            break
    return b"" if best is data else best


def _jpeg(image: Image.Image, quality: int) -> bytes:
    output = io.BytesIO()
    image.convert("RGB").save(output, "JPEG", quality=quality, optimize=True, subsampling=2 if quality < 80 else 1)
    return output.getvalue()


def _png(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.save(output, "PNG", optimize=False, compress_level=6)
    return output.getvalue()
