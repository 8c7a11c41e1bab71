"""The text of an EPUB by the rules of a device (`service.model.devices`): descriptions of pictures, and styles of elements."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from service.model.devices import Device
from service.model.document import Notice
from service.model.notices import notice
from service.style import device_css
from service.writers.epub.xhtml import tag

MOST_REPORTED = 50


def settle(body: etree._Element, device: Device) -> None:
    """Changes the body in place."""
    if device.name == "kindle":
        _describe(body)
    for element in body.iter(etree.Element) if device.is_specific else ():
        if style := element.get("style"):
            kept, _ = device_css.adapted_style(style, device.name)
            if kept:
                element.set("style", kept)
            else:
                del element.attrib["style"]


def _describe(body: etree._Element) -> None:
    """Kindle Previewer refuses an empty description (E21018); a decorative picture has a role instead."""
    for image in body.iter(tag("img")):
        if not image.get("alt", "").strip():
            image.attrib.pop("alt", "")
            image.set("role", "presentation")


def reported(css: str, left_out: Sequence[device_css.Part], device: Device) -> tuple[Notice, ...]:
    """A notice of the parts that were removed from the caller's style sheet `css`."""
    dropped = [each.text for each in device_css.found(css, device.name)] if css and left_out else []
    if not dropped:
        return ()
    message = f"{device.label} does not support parts of the style sheet. They were left out."
    about = {"device": device.name, "dropped": dropped[:MOST_REPORTED], "count": len(dropped)}
    return (notice("device-css-dropped", message, stage="epub", data=about),)
