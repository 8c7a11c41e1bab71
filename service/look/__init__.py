"""What the options ask of the look beyond the profile: paper, margins, type, running lines, a watermark.

`of` reads them once for a document; `printed` and `reading` make style sheets of them, `packages.layout` the DOCX. An
empty look, the default, costs nothing: no sheet is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas import lengths
from service import dates, labels, profiles
from service.document import Conversion, Document
from service.look import families, running
from service.look.families import Family
from service.look.running import Line
from service.packages import legal
from service.packages.title_block import title_of


@dataclass(frozen=True, slots=True)
class Look:
    """Millimetres and points; None, empty or "auto" where the profile decides. `header` and `footer` are by place."""

    paper: tuple[float, float] | None = None
    margin: lengths.Margins | None = None
    font: Family | None = None
    font_size: float | None = None
    justify: str = "auto"
    header: Line | None = None
    footer: Line | None = None
    watermark: str = ""


PLAIN = Look()


def of(conversion: Conversion, document: Document) -> Look:
    """Raises ValidationFailed for a font that is not installed."""
    texts = _texts(document) if conversion["header"] or conversion["footer"] else {}
    return Look(
        paper=lengths.paper(conversion["paper"]) if conversion["paper"] else None,
        margin=lengths.margins(conversion["margin"]) if conversion["margin"] else None,
        font=families.named(conversion["font"]) if conversion["font"] else None,
        font_size=lengths.type_size(conversion["font_size"]) if conversion["font_size"] else None,
        justify=conversion["justify"],
        header=running.line(conversion["header"], texts, alone="left") if conversion["header"] else None,
        footer=running.line(conversion["footer"], texts, alone="middle") if conversion["footer"] else None,
        watermark=" ".join(legal(conversion["watermark"]).split()),
    )


def _texts(document: Document) -> dict[str, str]:
    metadata = document.metadata
    return {
        "title": title_of(document),
        "author": labels.authors(metadata),
        "date": dates.shown(metadata.date, labels.language(metadata.lang)),
        "source": metadata.source_name,
    }


def sheet(look: Look, profile: profiles.Profile) -> tuple[float, float, lengths.Margins]:
    """Width, height and margins of the page; the profile's own margins keep their share of another paper."""
    own = lengths.paper(profile.paper)
    width, height = look.paper or own
    if look.margin:
        return width, height, look.margin
    top, right, bottom, left = lengths.margins(profile.margin)
    across, along = min(1.0, width / own[0]), min(1.0, height / own[1])
    return width, height, (top * along, right * across, bottom * along, left * across)
