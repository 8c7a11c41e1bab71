"""Binds each image to its bytes in the media bag, or replaces it by a small placeholder with its text and its link.

Runs before each writer, when `model.document.assets` contain the images, converted for the target.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from urllib.parse import urlsplit

from service.ast.missing_images import MISSING_IMAGE
from service.ast.pandoc_ast import attr, image, link, query, span, string, text, walk, walk_blocks
from service.model.document import Asset, Block, Conversion, Document, Inline, Notice
from service.model.media_bag import SUFFIXES, media_name
from service.model.notices import notice
from service.model.text.labels import word

CODES = {"blocked": "image-blocked", "missing": "image-missing", "unusable": "image-unusable", "busy": "image-postponed"}
LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px|%|em|pt|mm|cm|in)?")
PIXELS = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:px)?")
MOST = 4_000
WIDEST = 680  # CSS pixels of a page's measure: wider images are shown at full measure, smaller ones at their own size


def run(document: Document, conversion: Conversion) -> Document:  # noqa: ARG001
    problems: defaultdict[str, list[dict[str, str]]] = defaultdict(list)

    def bind(node: Inline | Block) -> Inline | Block:
        if node["t"] == "Link":
            return _unlinked_inside(node)
        if node["c"][2][0].startswith("media/"):
            return node
        attributes, alt, (url, title) = node["c"]
        asset = document.assets.get(url)
        if asset is not None and asset.data and not asset.problem and asset.media_type in SUFFIXES:
            return image(alt, media_name(asset), title, _sized(attributes, asset))
        reason = asset.problem if asset is not None and asset.problem else "missing: it was not uploaded with the article"
        kind, _, detail = reason.partition(": ")
        problems[CODES.get(kind, "image-unusable")].append({"url": url[:500], "reason": detail or reason})
        return placeholder(alt, url, title, document.metadata.lang)

    blocks = walk_blocks(document.blocks, bind, {"Image", "Link"})
    return replace(document, blocks=blocks, notices=document.notices + _notices(problems))


def _unlinked_inside(outer: Inline) -> Inline:
    """No format has a link within a link: for a picture in a link, the outer link stays."""
    attributes, inlines, target = outer["c"]
    bare = _without_links(inlines)
    return outer if bare is inlines else {"t": "Link", "c": [attributes, bare, target]}


def _without_links(inlines: list[Inline]) -> list[Inline]:
    if not any(node["t"] == "Link" for node in query(inlines)):
        return inlines
    return walk(inlines, lambda node: list(node["c"][1]), {"Link"})


def placeholder(alt: list[Inline], url: str, title: str, lang: str) -> Inline:
    """Reads in every format as "[Image: alt text]", linked to where the image was."""
    shown = text(alt).strip() or title.strip()
    label = word("image", lang)
    inside: list[Inline] = (
        [string(f"[{label}]")] if not shown else [string(f"[{label}:"), {"t": "Space"}, *(alt or [string(title)]), string("]")]
    )
    if _leads_somewhere(url):
        inside = [link(_without_links(inside), url)]
    return span(inside, attr(classes=[MISSING_IMAGE]))


def _leads_somewhere(url: str) -> bool:
    try:
        return url.startswith(("http://", "https://")) and bool(urlsplit(url).netloc)
    except ValueError:
        return False


def _sized(attributes: list[object], asset: Asset) -> list[object]:
    """The author's width and height if they are valid, else the picture's own width if it is smaller than the measure.

    A height alone becomes a width, because style sheets of reading systems set the height by the width.
    """
    identifier, classes, pairs = attributes
    kept = {key: value for key, value in pairs if key not in {"width", "height"} or _is_length(str(value))}  # type: ignore[attr-defined]
    if not kept.keys() & {"width", "height"} and asset.width and asset.width < WIDEST:
        kept["width"] = f"{asset.width}px"
    elif "width" not in kept and asset.width and asset.height and (found := PIXELS.fullmatch(kept.get("height", ""))):
        kept["width"] = f"{max(1, round(float(found[1]) * asset.width / asset.height))}px"
    return [identifier, classes, [[key, value] for key, value in kept.items()]]


def _is_length(value: str) -> bool:
    found = LENGTH.fullmatch(value)
    return found is not None and 0 < float(found[1]) <= MOST


def _notices(problems: dict[str, list[dict[str, str]]]) -> tuple[Notice, ...]:
    reported = []
    for code, images in sorted(problems.items()):
        what = f"{len(images)} images are" if len(images) > 1 else "An image is"
        message = f"{what} shown as a placeholder: {images[0]['reason']}"
        reported.append(notice(code, message, stage="assets", data={"images": images[:100], "count": len(images)}))
    return tuple(reported)
