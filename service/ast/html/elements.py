"""Every element of HTML, current and obsolete, and its conversion: one table.

Source: HTML Standard, index of elements and section 16.2 (obsolete elements); AMP's components; MathML and SVG as wholes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from service.ast.html import blocks, inlines, pictures
from service.ast.html.tree import Element
from service.ast.pandoc_ast import Node

if TYPE_CHECKING:
    from service.ast.html import Converter


class Kind(Enum):
    """The conversion of an element: its type, and its function."""

    BLOCK = 1  # (converter, element) → blocks
    INLINE = 2  # (converter, element) → inlines
    AROUND = 3  # (element, inlines) → inlines: markup around text, or around each text of the blocks in it
    HIDDEN = 4  # not shown by pages: its text is in the notice


class Row(NamedTuple):
    kind: Kind
    make: Callable[..., list[Node]]


def _rows(kind: Kind, make: Callable[..., list[Node]], tags: str) -> dict[str, Row]:
    return dict.fromkeys(tags.split(), Row(kind, make))


def _hidden(_converter: Converter, _element: Element) -> list[Node]:
    return []


ELEMENTS: Mapping[str, Row] = {
    **_rows(Kind.BLOCK, blocks.heading, "h1 h2 h3 h4 h5 h6"),
    **_rows(Kind.BLOCK, blocks.paragraph, "p"),
    **_rows(
        Kind.BLOCK, blocks.division,
        "div section article main header footer nav aside center address form fieldset hgroup search dialog menuitem body html "
        "marquee figcaption caption colgroup col multicol layer ilayer nolayer frameset shadow content",
    ),
    **_rows(Kind.BLOCK, blocks.bullet_list, "ul menu dir"),
    **_rows(Kind.BLOCK, blocks.ordered_list, "ol"),
    **_rows(Kind.BLOCK, blocks.stray_item, "li"),
    **_rows(Kind.BLOCK, blocks.definition_list, "dl"),
    **_rows(Kind.BLOCK, blocks.strong_line, "dt summary legend"),
    **_rows(Kind.BLOCK, blocks.quotation, "blockquote dd"),
    **_rows(Kind.BLOCK, blocks.code_block, "pre listing xmp plaintext"),
    **_rows(Kind.BLOCK, blocks.markup_as_text, "noframes noembed"),
    **_rows(Kind.BLOCK, blocks.rule, "hr"),
    **_rows(Kind.BLOCK, blocks.details, "details"),
    **_rows(Kind.BLOCK, blocks.figure, "figure"),
    **_rows(Kind.BLOCK, blocks.table, "table thead tbody tfoot tr td th"),
    **_rows(Kind.AROUND, inlines.markup("Strong"), "b strong"),
    **_rows(Kind.AROUND, inlines.markup("Emph"), "i em cite var dfn"),
    **_rows(Kind.AROUND, inlines.markup("Underline"), "u ins"),
    **_rows(Kind.AROUND, inlines.markup("Strikeout"), "s strike del"),
    **_rows(Kind.AROUND, inlines.markup("Subscript"), "sub"),
    **_rows(Kind.AROUND, inlines.markup("Superscript"), "sup"),
    **_rows(Kind.AROUND, inlines.classed("mark"), "mark"),
    **_rows(Kind.AROUND, inlines.classed("small"), "small"),
    **_rows(Kind.AROUND, inlines.classed("big"), "big"),
    **_rows(Kind.AROUND, inlines.classed("abbr"), "abbr acronym"),
    **_rows(Kind.AROUND, inlines.classed("rt"), "rt"),
    **_rows(Kind.AROUND, inlines.classed("rp"), "rp"),
    **_rows(Kind.AROUND, inlines.quoted, "q"),
    **_rows(Kind.AROUND, inlines.anchor, "a"),
    **_rows(
        Kind.AROUND, inlines.spanned,
        "noscript span font time data bdi bdo label nobr blink output rb rtc button slot map spacer nextid "
        "element basefont bgsound isindex command selectedcontent",
    ),
    **_rows(Kind.INLINE, inlines.code, "code kbd samp tt"),
    **_rows(Kind.INLINE, inlines.line_break, "br"),
    **_rows(Kind.INLINE, inlines.nothing, "wbr param source track keygen"),
    **_rows(Kind.INLINE, inlines.ruby, "ruby"),
    **_rows(Kind.INLINE, inlines.form_field, "input"),
    **_rows(Kind.INLINE, inlines.text_field, "textarea"),
    **_rows(Kind.INLINE, inlines.choice, "select optgroup option"),
    **_rows(Kind.INLINE, inlines.gauge, "meter progress"),
    **_rows(Kind.INLINE, inlines.area, "area"),
    **_rows(Kind.INLINE, inlines.formula, "math"),
    **_rows(Kind.INLINE, pictures.image_of, "img image amp-img amp-anim"),
    **_rows(Kind.INLINE, pictures.picture, "picture"),
    **_rows(Kind.INLINE, pictures.drawing, "svg"),
    **_rows(Kind.INLINE, inlines.player, "iframe fencedframe video audio embed applet"),
    **_rows(Kind.BLOCK, blocks.frame, "frame"),
    **_rows(Kind.INLINE, inlines.media, "en-media"),
    **_rows(Kind.INLINE, inlines.player, "amp-video amp-audio amp-iframe amp-youtube amp-vimeo"),
    **_rows(Kind.INLINE, inlines.embedded_object, "object"),
    **_rows(Kind.HIDDEN, _hidden, "script style head title meta link base template canvas datalist"),
}  # fmt: skip

BLOCKS = frozenset(tag for tag, row in ELEMENTS.items() if row.kind is Kind.BLOCK)
HIDDEN = frozenset(tag for tag, row in ELEMENTS.items() if row.kind is Kind.HIDDEN)
EMBEDDED = frozenset(tag for tag, row in ELEMENTS.items() if row.make in (inlines.player, inlines.embedded_object, blocks.frame))
KNOWN = frozenset(ELEMENTS)
VOID = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "image", "input", "keygen", "link", "meta",
    "param", "source", "track", "wbr",
})  # fmt: skip
# Elements whose end tag may be left out.
OPTIONAL_END = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "colgroup", "rt", "rp"})
# Elements whose content is text for the parser; and those whose elements are not HTML's.
RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"})
FOREIGN = frozenset({"svg", "math"})
