"""Finds the target of each image: an upload, bytes in the text (data:), or an address to fetch.

Runs before the front fetches, so that `model.document.wanted` is complete and each data: URI is an asset like any other. The
reference stays in the AST until the `assets` pass binds it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from service.ast.pandoc_ast import image, link, string, text, walk_blocks
from service.model.document import Asset, Block, Conversion, Document, Inline
from service.model.notices import notice
from service.model.references import Uploads, check_cover, cover_reference, named_cover

LARGEST_DATA_URI = 14_000_000  # characters: 10 MB in base64


def run(document: Document, conversion: Conversion) -> Document:
    """Raises ValidationFailed if the options name a cover that does not exist."""
    uploads = Uploads(document.source.assets)
    assets = dict(document.assets) | _cover(conversion, uploads)
    check_cover(conversion, [*assets, *(asset.name for asset in assets.values())])
    if conversion.images != "embed":
        return _without_images(replace(document, assets=assets), conversion.images)
    wanted = dict.fromkeys(document.wanted)

    def collect(node: Inline | Block) -> Inline | Block:
        attributes, alt, (url, title) = node["c"]
        if url in assets:
            return node
        if url.startswith("data:"):
            asset = from_data_uri(url)
            assets[asset.name] = asset
            return {"t": "Image", "c": [attributes, alt, [asset.name, title]]}
        upload = uploads.find(url)
        if upload is not None:
            assets[url] = replace(upload, name=url)
        elif url.startswith(("http://", "https://")):
            wanted[url] = None
        return node

    blocks = walk_blocks(document.blocks, collect, {"Image"})
    if cover := document.metadata.cover:
        collect(image([], cover_reference(document) if uploads.find(cover) is None else cover))
    return replace(document, blocks=blocks, assets=assets, wanted=tuple(wanted))


def _cover(conversion: Conversion, uploads: Uploads) -> dict[str, Asset]:
    """The upload that the option `cover` names, independent of the option `images`."""
    name = named_cover(conversion)
    upload = uploads.find(name)
    return {name: replace(upload, name=name)} if name and upload else {}


def from_data_uri(uri: str) -> Asset:
    """The asset in a data: URI (RFC 2397), named by its content. Its problem is the reason why there are no bytes."""
    head, comma, body = uri.partition(",")
    name = f"data:{hashlib.sha256(uri.encode()).hexdigest()[:16]}"
    if not comma or len(uri) > LARGEST_DATA_URI:
        return Asset(name, problem="unusable: the data: URI is invalid or too large")
    raw = unquote_to_bytes(body)
    if not head.endswith(";base64"):
        return Asset(name, raw)
    try:
        packed = b"".join(raw.split()).rstrip(b"=")
        return Asset(name, base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True))
    except (binascii.Error, ValueError):
        return Asset(name, problem="unusable: the data: URI is invalid")


def _without_images(document: Document, mode: str) -> Document:
    """`link`: each remote image becomes a link with its alt text; `drop`: only its alt text stays."""
    changed: list[str] = []

    def visit(node: Inline | Block) -> Inline | Block | list[Inline]:
        _, alt, (url, title) = node["c"]
        changed.append(url[:200])
        remote = url.startswith(("http://", "https://"))
        if mode == "link" and remote:
            return link(alt or [string(title or url)], url, title) if text(alt).strip() else link([string(url)], url, title)
        return list(alt)

    blocks = walk_blocks(document.blocks, visit, {"Image"})
    if not changed:
        return document
    what = "links" if mode == "link" else "their text alone"
    reported = notice(
        "image-dropped", f"{len(changed)} images became {what}, as requested", stage="images", data={"images": changed[:50]}
    )
    return replace(document, blocks=blocks, notices=(*document.notices, reported))
