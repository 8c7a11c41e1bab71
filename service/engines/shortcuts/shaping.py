"""Text that was shaped to find the end of its line is drawn as it is, not shaped again.

WeasyPrint throws a line's Pango layout away as soon as it is measured, and makes it anew to draw it; and each layout gets
a Pango context and a font description of its own. `install` keeps the layouts of the lines that wait to be drawn, up to
MOST, and the context and the description with their style.
"""

from __future__ import annotations

from typing import Any, ClassVar

from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import get_font_description

MOST = 20_000  # layouts of three to five kilobytes
# Ends of lines and paragraphs for Pango: text without them is one paragraph, whether it is told so or not.
ENDS = ("\n", "\r", "\u2028", "\u2029")
SPACES = (" ", "\u00a0")  # what justification widens
# Where these are not as they are by default, a layout has attributes or measures of its own.
FEATURES = (
    "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip


class Kept(line_break.Layout):
    """A layout that outlives its measuring: `deactivate` lets go of it only when it was drawn, or there are too many."""

    alive: ClassVar[int] = 0
    waits = False

    def setup(self, style: Any) -> None:
        try:
            prepared = style.shaping
        except AttributeError:
            prepared = style.shaping = _prepared(style)
        if prepared is None:
            super().setup(style)
            return
        self.style, self.first_line_direction = style, 0
        self.ascent = self.underline_position = self.strikethrough_position = None
        context, description, self.language = prepared
        self.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, description)

    def set_text(self, text: str, justify: bool = False) -> None:
        super().set_text(text, justify)
        # It is asked for when the text is drawn; asked for now, that changes nothing then.
        pango.pango_layout_set_single_paragraph_mode(self.layout, not any(end in text for end in ENDS))

    def deactivate(self) -> None:
        if self.waits or Kept.alive >= MOST:
            self._release()
            super().deactivate()
        else:
            self.waits = True
            Kept.alive += 1

    def reactivate(self, style: Any) -> None:
        if not self.waits or style is not self.style:
            self._release()
            super().reactivate(style)
            return
        pango.pango_layout_set_width(self.layout, -1)
        if self.justification_spacing and any(space in self.text for space in SPACES):
            self.set_text(self.text, justify=True)

    def _release(self) -> None:
        if self.waits:
            self.waits = False
            Kept.alive -= 1

    __del__ = _release


def _prepared(style: Any) -> tuple[Any, Any, Any] | None:
    """Context, font description and language of a style's layouts; None where they need more than that."""
    if style["text_decoration_line"] != "none" or style["font_kerning"] != "auto":
        return None
    if any(style[name] != "normal" for name in FEATURES):
        return None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    name = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if not name:
        return context, get_font_description(style), pango.pango_language_get_default()
    pointer, _text = unicode_to_char_p(name)
    language = pango.pango_language_from_string(pointer)
    pango.pango_context_set_language(context, language)
    return context, get_font_description(style), language


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    line_break.Layout = Kept
