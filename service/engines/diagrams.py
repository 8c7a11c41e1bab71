"""Mermaid diagrams as SVG, by merman, a port of Mermaid without a browser. The only file that imports it.

Measured: 15 to 50 ms for a diagram of ten nodes. Labels are SVG text, because no program here draws HTML in an SVG.
"""

from __future__ import annotations

import functools
import html
import importlib.util
import json
import re
from dataclasses import dataclass

from lxml import etree

LARGEST = 50_000  # characters of a source
TIME = 5_000  # milliseconds for one diagram; the work of its layout is bounded too (the profile "constrained")
NO_HTML = {"htmlLabels": False}
OPTIONS = json.dumps({
    "version": 2,
    "resources": {"profile": "constrained"},
    "site_config": {
        **NO_HTML, "flowchart": NO_HTML, "class": NO_HTML, "state": NO_HTML, "theme": "neutral", "securityLevel": "strict",
        "fontFamily": "Noto Sans, Noto Sans CJK SC, Arial, sans-serif",
    },
})  # fmt: skip
WITH_TEXT = frozenset({"mindmap"})  # kinds that have each label as text too, where HTML is not shown
SVG = "{http://www.w3.org/2000/svg}"
# A frame drawn in a gradient is a plain line: WeasyPrint draws such gradients wrongly, and a page does not need them.
GRADIENT = re.compile(r"url\(#[\w-]{1,80}-gradient\)")
PLAIN = "#999"


class Unreadable(Exception):
    """The reason why a source has no diagram, in one sentence; `line` is the line of the source, from 1, where one is known."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True, slots=True)
class Diagram:
    """`title` and `description` are from the source (accTitle, accDescr). Each may be empty."""

    svg: bytes
    title: str
    description: str


@functools.cache
def available() -> bool:
    """Whether merman is installed: some machines have no build (ADR 0160)."""
    return importlib.util.find_spec("merman") is not None


@functools.lru_cache(maxsize=128)
def draw(source: str) -> Diagram:
    """Raises Unreadable."""
    if not available():
        raise Unreadable("Diagrams cannot be drawn on this machine: merman is not installed.")
    if len(source) > LARGEST:
        raise Unreadable(f"The diagram has more than {LARGEST:,} characters.")
    import merman

    client = merman.Merman()
    control = merman.MermanOperationControl(TIME)
    request = merman.MermanOperationRequestV4(operation_id="svg", source=source, uri=None, options_json=OPTIONS, control=control)
    try:
        drawn = client.execute(request).data.decode()
    except merman.MermanError as error:
        raise _reason(client, source, error) from None
    top = etree.fromstring(GRADIENT.sub(PLAIN, drawn).encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    _refuse_html(top)
    _set_size(top)
    title, description = (_text(top, name) for name in ("title", "desc"))
    return Diagram(etree.tostring(top), title, description)


def _reason(client: object, source: str, error: Exception) -> Unreadable:
    """merman's own diagnosis: it names the line."""
    found = json.loads(client.analyze_json(source, None)).get("diagnostics") or []  # type: ignore[attr-defined]
    errors = [each for each in found if each.get("severity") == "error"]
    if not errors:
        return Unreadable(str(getattr(error, "message", error))[:300])
    line = (errors[0].get("span") or {}).get("line") or 1
    return Unreadable(html.unescape(str(errors[0].get("message", "")))[:300], int(line))


def _refuse_html(top: etree._Element) -> None:
    """Some kinds have labels only in HTML. A diagram without its words is worse than its source."""
    if top.get("aria-roledescription") not in WITH_TEXT and next(top.iter(f"{SVG}foreignObject"), None) is not None:
        raise Unreadable("This kind of diagram has labels in HTML, which cannot be drawn.")


def _set_size(top: etree._Element) -> None:
    """The size of the drawing in pixels: merman writes the width of its surroundings, at most that of the drawing."""
    box = top.get("viewBox", "").split()
    if len(box) == 4:
        top.set("width", box[2])
        top.set("height", box[3])
        top.attrib.pop("style", "")


def _text(top: etree._Element, name: str) -> str:
    found = top.find(f"{SVG}{name}")
    return " ".join("".join(map(str, found.itertext())).split()) if found is not None else ""
