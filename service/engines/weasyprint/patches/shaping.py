"""Draws text that was shaped to find the end of its line without shaping it again.

WeasyPrint deletes a line's Pango layout after measuring, and creates it again to draw it. Each layout gets
its own Pango context and font description. This patch keeps the layouts of the lines that wait to be drawn, up to
MOST, and shares context and description between equal styles.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from weasyprint.layout import inline
from weasyprint.text import line_break
from weasyprint.text.constants import LST_TO_ISO, NUMERIC_KEYS, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import get_font_description
from weasyprint.text.line_break import Layout

MOST, STYLES = 20_000, 200  # layouts of three to five kilobytes, and what styles have in common
# Ends of lines and paragraphs for Pango: text without them is one paragraph in any case.
ENDS = ("\n", "\r", "\u2028", "\u2029")
SPACES = (" ", "\u00a0")  # justification widens it
# Values other than these defaults need more than a font feature. This is rare.
OTHERS = (
    "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
KEYS = (
    "font_style", "font_stretch", "font_weight", "font_size", "font_variation_settings", "font_language_override", "lang",
    "direction",
)  # fmt: skip
MEASURES = ("ascent", "underline_position", "strikethrough_position", "underline_thickness", "strikethrough_thickness")


class Made(NamedTuple):
    """The common parts of layouts of one style: Pango's context, description and language, the direction, and features."""

    context: Any
    description: Any
    language: Any
    measures: dict[str, float | None]
    features: tuple[str, ...]


class Kept(Layout):
    """A layout that is kept after measuring: `deactivate` releases it only after it was drawn, or if there are too many."""

    alive: ClassVar[int] = 0
    waits = late = False

    @classmethod
    def later(cls, text: str, made: Made, justification_spacing: float, max_width: float | None) -> Kept:
        """One of a style that was `prepared`, made when it is used after `reactivate`."""
        new = cls.__new__(cls)
        new.text, new.justification_spacing, new.max_width = text, justification_spacing, max_width
        new.late, new.first_line_direction = True, 0
        new.__dict__.update(made.measures)
        return new

    def setup(self, style: Any) -> None:
        made = prepared(style)
        if made is None:
            super().setup(style)
            return
        self.style, self.first_line_direction = style, 0
        self.__dict__.update(made.measures)
        self.language = made.language
        self.layout = ffi.gc(pango.pango_layout_new(made.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(self.layout, False)
        pango.pango_layout_set_font_description(self.layout, made.description)
        if made.features:
            self._ask_for(",".join(f"{name} 1" for name in made.features).encode())

    def _ask_for(self, features: bytes) -> None:
        """An attribute that lives as long as the fonts, in a list that Pango adds to: each layout has its own."""
        known = self.style.font_config.font_features
        if features not in known:
            known[features] = pango.pango_attr_font_features_new(features)
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, known[features])
        pango.pango_layout_set_attributes(self.layout, attributes)

    def set_text(self, text: str, justify: bool = False) -> None:
        super().set_text(text, justify)
        # It is used when the text is drawn; reading it early changes nothing.
        pango.pango_layout_set_single_paragraph_mode(self.layout, not any(end in text for end in ENDS))

    @property
    def asleep(self) -> bool:
        """Whether it waits to be drawn, and was not used yet."""
        return self.late and "style" in self.__dict__ and "layout" not in self.__dict__

    def __getattr__(self, name: str) -> Any:
        if name != "layout" or not self.asleep:
            raise AttributeError(name)
        self.setup(self.style)
        self.set_text(self.text, justify=True)
        return self.layout

    def deactivate(self) -> None:
        if self.late:
            for name in ("layout", "language", "style"):
                self.__dict__.pop(name, None)
        elif self.waits or Kept.alive >= MOST:
            self._release()
            super().deactivate()
        else:
            self.waits = True
            Kept.alive += 1

    def reactivate(self, style: Any) -> None:
        if self.late:
            self.style = style
            return
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


def prepared(style: Any) -> Made | None:
    """The common parts of a style's layouts; None if they have their own attributes."""
    try:
        made: Made | None = style.shaping
    except AttributeError:
        made = style.shaping = _find(style)
    return made


def _find(style: Any) -> Made | None:
    if style["font_kerning"] != "auto" or any(style[name] != "normal" for name in OTHERS):
        return None
    numeric = style["font_variant_numeric"]
    features = () if numeric == "normal" else tuple(NUMERIC_KEYS[name] for name in numeric)
    kept = style.font_config.__dict__.setdefault("shaping", {})
    decorated = style["text_decoration_line"] != "none"
    key = (decorated, features, tuple(style["font_family"]), *(style[name] for name in KEYS))
    if key not in kept:
        if len(kept) > STYLES:
            kept.clear()
        kept[key] = _prepare(style, decorated, features)
    found: Made = kept[key]
    return found


def _prepare(style: Any, decorated: bool, features: tuple[str, ...]) -> Made:
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    name = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if name:
        pointer, _text = unicode_to_char_p(name)
        language = pango.pango_language_from_string(pointer)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    measures: dict[str, float | None] = dict.fromkeys(("ascent", "underline_position", "strikethrough_position"))
    if decorated:
        plain = vars(Layout(style))
        measures = {name: plain[name] for name in MEASURES}
    return Made(context, get_font_description(style), language, measures, features)


def install() -> None:
    """Installs this. Idempotent."""
    line_break.Layout = Kept
    plain = inline.create_layout
    if hasattr(plain, "plain"):
        return

    def create_layout(text: str, style: Any, context: Any, max_width: float | None, justification_spacing: float) -> Layout:
        """Of a line that was justified, and waits to be drawn."""
        made = prepared(style)
        if made is None or max_width is not None:
            layout: Layout = plain(text, style, context, max_width, justification_spacing)
            return layout
        return Kept.later(text, made, justification_spacing, max_width)

    create_layout.plain = plain  # type: ignore[attr-defined]
    inline.create_layout = create_layout
