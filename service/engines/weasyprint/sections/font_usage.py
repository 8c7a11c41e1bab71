"""The fonts that a section of a document used, sent from one process to another: which font, and which of its glyphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import get_pango_font_key

from service.engines.weasyprint.sections import Unjoinable


def usage(key: int, font: Any) -> dict[str, Any]:
    """A font, and its used glyphs."""
    if font.missing or font.used_in_forms or font.bitmap:
        raise Unjoinable(font.family)
    return {
        "key": key, "hash": font.hash, "family": font.family, "style": int(font.style), "weight": int(font.weight),
        "variations": font.variations, "size": font.font_size,
        "widths": list(font.widths.items()), "to_unicode": list(font.to_unicode.items()),
    }  # fmt: skip


def merge(known: dict[int, Any], usages: Sequence[Mapping[str, Any]], font_map: Any) -> None:
    """Adds to the fonts of a document the glyphs that its sections used. Raises Unjoinable if a font is not found."""
    for each in usages:
        font = known.get(each["key"])
        if font is None:
            font = known[each["key"]] = _font(each, font_map)
        if font.hash != each["hash"] or font.missing:
            raise Unjoinable(each["family"])
        for glyph, width in each["widths"]:
            font.widths.setdefault(glyph, width)
        for glyph, text in each["to_unicode"]:
            font.to_unicode.setdefault(glyph, text)


def _font(each: Mapping[str, Any], font_map: Any) -> Any:
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    pango.pango_font_description_set_family(description, each["family"].encode())
    pango.pango_font_description_set_style(description, each["style"])
    pango.pango_font_description_set_weight(description, each["weight"])
    pango.pango_font_description_set_absolute_size(description, int(each["size"] * TO_UNITS))
    if each["variations"]:
        settings = ",".join(f"{name}={value}" for name, value in each["variations"].items())
        pango.pango_font_description_set_variations(description, settings.encode())
    context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
    found = pango.pango_font_map_load_font(font_map, context, description)
    _, described, size = get_pango_font_key(found)
    return fonts.Font(found, described, size)
