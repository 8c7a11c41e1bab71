"""The media bag of a document: the names of its images after they are bound, and their bytes."""

from __future__ import annotations

from service.model.document import Asset, Document

SUFFIXES = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif",
    "image/webp": "webp", "image/avif": "avif", "image/svg+xml": "svg",
}  # fmt: skip


def media_name(asset: Asset) -> str:
    """`media/<hash>.<suffix>`: identical images share one name, which contains no part of the uploaded name."""
    return f"media/{asset.sha256[:16]}.{SUFFIXES[asset.media_type]}"


def media_of(document: Document) -> dict[str, tuple[str, bytes]]:
    """Name → (media type, bytes) of every usable asset."""
    usable = (asset for asset in document.assets.values() if asset.data and not asset.problem and asset.media_type in SUFFIXES)
    return {media_name(asset): (asset.media_type, asset.data) for asset in usable}
