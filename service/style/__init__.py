"""The changes of options to a profile: paper, margins, type, running lines, a watermark, the cover.
Imports: the rooms from model to engines, and schemas.
Start with `of`, which reads the options once; `print_css.py` and `screen_css.py` make style sheets of them.

Without such options no sheet is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.ast.title_block import title_of
from service.model import font_files, lengths, profiles
from service.model.document import Conversion, Document
from service.model.text import dates, labels
from service.model.text.characters import legal
from service.style import fonts, own_fonts, running_lines
from service.style.fonts import Family
from service.style.own_fonts import OwnFonts
from service.style.running_lines import Line


@dataclass(frozen=True, slots=True)
class Look:
    """Millimetres and points; None, empty or "auto" if the profile decides. `header` and `footer` are by place."""

    paper: tuple[float, float] | None = None
    margin: lengths.Margins | None = None
    font: Family | None = None
    heading_font: Family | None = None
    code_font: Family | None = None
    own_fonts: OwnFonts = own_fonts.NONE
    font_size: float | None = None
    justify: str = "auto"
    header: Line | None = None
    footer: Line | None = None
    watermark: str = ""


PLAIN = Look()
Sheet = tuple[float, float, lengths.Margins]  # width, height and margins in millimetres


def of(conversion: Conversion, document: Document, target: str, css: str = "") -> Look:
    """`css`: the style sheet of the caller.

    Raises ValidationFailed if a font is not installed, or a font file cannot be used.
    """
    texts = _texts(document) if conversion.header or conversion.footer else {}
    own = own_fonts.of(conversion, document, css)
    return Look(
        paper=lengths.paper(conversion.paper) if conversion.paper else None,
        margin=lengths.margins(conversion.margin) if conversion.margin else None,
        **{role: _family(conversion, own, role, target) for role in font_files.ROLES},
        own_fonts=own,
        font_size=lengths.type_size(conversion.font_size) if conversion.font_size else None,
        justify=conversion.justify,
        header=running_lines.line(conversion.header, texts, alone="left") if conversion.header else None,
        footer=running_lines.line(conversion.footer, texts, alone="middle") if conversion.footer else None,
        watermark=" ".join(legal(conversion.watermark).split()),
    )


def _family(conversion: Conversion, own: OwnFonts, role: str, target: str) -> Family | None:
    """The family of one part of the text. None: the profile's. A PDF contains each font, so a licence may forbid it."""
    if not (faces := own.faces.get(role)):
        return fonts.named(conversion[role], role) if conversion[role] else None
    if target == "pdf" and role not in own.allowed(target):
        return None
    name = faces[0].family
    return fonts.like(own_fonts.tagged(faces) if target == "pdf" else name, name, any(face.mono for face in faces))


def _texts(document: Document) -> dict[str, str]:
    metadata = document.metadata
    return {
        "title": title_of(document),
        "author": labels.authors(metadata),
        "date": dates.shown(metadata.date, labels.language(metadata.lang)),
        "source": metadata.source_name,
    }


def sheet(look: Look, profile: profiles.Profile) -> Sheet:
    """Width, height and margins of the page; the profile's margins keep their share of another paper."""
    own = lengths.paper(profile.paper)
    width, height = look.paper or own
    if look.margin:
        return width, height, look.margin
    top, right, bottom, left = lengths.margins(profile.margin)
    across, along = min(1.0, width / own[0]), min(1.0, height / own[1])
    return width, height, (top * along, right * across, bottom * along, left * across)
