"""What the options change of a profile: paper, margins, type, running lines, a watermark, the cover.
Imports: the rooms from model to engines, and schemas.
Start with `of`, which reads the options once; `print_css.py` and `screen_css.py` make style sheets of them.

Without such options no sheet is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.ast.title_block import title_of
from service.model import lengths, profiles
from service.model.document import Conversion, Document
from service.model.text import dates, labels
from service.model.text.characters import legal
from service.style import fonts, running_lines
from service.style.fonts import Family
from service.style.running_lines import Line


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
Sheet = tuple[float, float, lengths.Margins]  # width, height and margins in millimetres


def of(conversion: Conversion, document: Document) -> Look:
    """Raises ValidationFailed for a font that is not installed."""
    texts = _texts(document) if conversion.header or conversion.footer else {}
    return Look(
        paper=lengths.paper(conversion.paper) if conversion.paper else None,
        margin=lengths.margins(conversion.margin) if conversion.margin else None,
        font=fonts.named(conversion.font) if conversion.font else None,
        font_size=lengths.type_size(conversion.font_size) if conversion.font_size else None,
        justify=conversion.justify,
        header=running_lines.line(conversion.header, texts, alone="left") if conversion.header else None,
        footer=running_lines.line(conversion.footer, texts, alone="middle") if conversion.footer else None,
        watermark=" ".join(legal(conversion.watermark).split()),
    )


def _texts(document: Document) -> dict[str, str]:
    metadata = document.metadata
    return {
        "title": title_of(document),
        "author": labels.authors(metadata),
        "date": dates.shown(metadata.date, labels.language(metadata.lang)),
        "source": metadata.source_name,
    }


def sheet(look: Look, profile: profiles.Profile) -> Sheet:
    """Width, height and margins of the page; the profile's own margins keep their share of another paper."""
    own = lengths.paper(profile.paper)
    width, height = look.paper or own
    if look.margin:
        return width, height, look.margin
    top, right, bottom, left = lengths.margins(profile.margin)
    across, along = min(1.0, width / own[0]), min(1.0, height / own[1])
    return width, height, (top * along, right * across, bottom * along, left * across)
