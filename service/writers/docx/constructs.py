"""Constructs that pandoc's DOCX writer does not know: they get one of Word's styles here, or marks for `regions`.

A mark is an element of this service's namespace before and after the construct. pandoc copies it as raw OOXML;
`regions.resolve` reads and removes the marks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from service.ast import alignment, callouts, code_titles, floats
from service.ast.descriptions import DECORATIVE
from service.ast.missing_images import MISSING_IMAGE
from service.ast.pandoc_ast import Node, attr, div, para, span, walk_blocks, words
from service.model.blocks import Blocks

NAMESPACE = "urn:colophon:construct"
DECORATION = f"{NAMESPACE}:decoration"  # the title of a decorative picture, until `pictures` reads it
PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
# Class of a span, or of code → the character style that shows it.
CHARACTER_STYLES: Mapping[str, str] = {
    "kbd": "Keyboard", "abbr": "Abbreviation", "small": "Small", "big": "Big", "samp": "Verbatim Char",
}  # fmt: skip


@dataclass(slots=True)
class Constructs:
    """Marks the constructs of one document whose text has the language `lang` (BCP 47)."""

    lang: str
    number: int = field(default=0)

    def marked(self, blocks: Blocks) -> Blocks:
        """The blocks with marks; the same object if there is nothing to mark."""
        return walk_blocks(code_titles.shaped(blocks), self._visit, VISITED)

    def _visit(self, node: Node) -> Node | list[Node] | None:
        visit: Callable[[Constructs, Node], Node | list[Node] | None] = TAGS[node["t"]]
        return visit(self, node)

    def region(self, kind: str, nodes: Sequence[Node], value: str = "", *, inline: bool = False) -> list[Node]:
        """`nodes` between two marks; `kind` is a row of `regions.KINDS`."""
        self.number += 1
        raw = "RawInline" if inline else "RawBlock"
        return [_mark(raw, "open", self.number, kind, value), *nodes, _mark(raw, "close", self.number)]

    def division(self, node: Node) -> Node | list[Node]:
        classes = node["c"][0][1]
        if "page-break" in classes:
            return {"t": "RawBlock", "c": ["openxml", PAGE_BREAK]}
        if code_titles.is_title(node):
            return div(node["c"][1], attr(pairs={"custom-style": "Code Title"}))
        if "abstract" in classes:
            return self._abstract(node)
        if "statement" in classes:
            return div(node["c"][1], attr(pairs={"custom-style": "Abstract" if "keywords" in classes else "Body Text"}))
        nodes: list[Node] = [node]
        if found := callouts.of(node, self.lang):
            title = para([{"t": "Strong", "c": found.title}])
            inside = [title, *found.blocks]
            nodes = self.region("callout", [{"t": "Div", "c": [node["c"][0], inside]}], found.look)
        align = alignment.of(node)
        return self.region("align", nodes, align) if align in alignment.ALIGNMENTS else nodes

    def heading(self, node: Node) -> Node | list[Node]:
        align = alignment.of(node)
        if align not in alignment.ALIGNMENTS:
            return node
        level, (identifier, classes, pairs), inlines = node["c"]
        bare = {"t": "Header", "c": [level, [identifier, classes, [one for one in pairs if one[0] != "align"]], inlines]}
        return self.region("align", [bare], align)

    def _abstract(self, node: Node) -> list[Node]:
        """The abstract in Word's style of that name, under a title that is not a section of the text."""
        titles = [each for each in node["c"][1][:1] if each["t"] == "Header"]
        title = [div([para(each["c"][2])], attr(each["c"][1][0], pairs={"custom-style": "Abstract Title"})) for each in titles]
        return [*title, div(node["c"][1][len(titles) :], attr(node["c"][0][0], pairs={"custom-style": "Abstract"}))]

    def quotation(self, node: Node) -> Node:
        """A quotation in another one has a larger indent."""
        inside: list[Node] = []
        for each in node["c"]:
            inside += self.region("quotation", [each]) if each["t"] == "BlockQuote" else [each]
        return {"t": "BlockQuote", "c": inside}

    def picture(self, node: Node) -> Node | list[Node]:
        attributes, inner, (url, title) = node["c"]
        made = {
            "t": "Image",
            "c": [
                attributes,
                [] if DECORATIVE in attributes[1] else inner,
                [url, DECORATION if DECORATIVE in attributes[1] else title],
            ],
        }
        side = floats.side_of(attributes[1])
        return self.region("float", [made], side, inline=True) if side else made

    def figure(self, node: Node) -> Node | list[Node]:
        side = floats.side_of(node["c"][0][1])
        return self.region("frame", [node], side) if side else node

    def code(self, node: Node) -> Node:
        (identifier, classes, _), text = node["c"]
        style = next((CHARACTER_STYLES[name] for name in classes if name in CHARACTER_STYLES), "")
        return span(words(text), attr(identifier, pairs={"custom-style": style})) if style else node

    def span(self, node: Node) -> Node | list[Node]:
        (identifier, classes, pairs), inner = node["c"]
        if "ruby" in classes:
            return self._ruby(inner)
        if MISSING_IMAGE in classes:
            return _missing_image(inner)
        if "ins" in classes:
            return {"t": "Underline", "c": inner}
        style = next((CHARACTER_STYLES[name] for name in classes if name in CHARACTER_STYLES), "")
        return span(inner, [identifier, classes, [*pairs, ["custom-style", style]]]) if style else node

    def _ruby(self, inner: Sequence[Node]) -> list[Node]:
        """Each base with the reading that follows it. Parentheses are removed; they are for programs without ruby."""
        out: list[Node] = []
        base: list[Node] = []
        for node in inner:
            kind = node["c"][0][1] if node["t"] == "Span" else []
            if "rt" in kind and base:
                between = _mark("RawInline", "reading", self.number)
                out += self.region("ruby", [*base, between, *node["c"][1]], inline=True)
                base = []
            elif "rt" in kind:
                out += node["c"][1]
            elif "rp" not in kind:
                base.append(node)
        return out + base


def _missing_image(inner: Sequence[Node]) -> list[Node]:
    """The placeholder of a picture. Its link is around the styled text, because otherwise the style of links would win."""
    if len(inner) == 1 and inner[0]["t"] == "Link":
        attributes, words_of_link, target = inner[0]["c"]
        return [{"t": "Link", "c": [attributes, _missing_image(words_of_link), target]}]
    return [span(inner, attr(pairs={"custom-style": "Missing Image"}))]


def _mark(raw: str, name: str, number: int, kind: str = "", value: str = "") -> Node:
    about = f' kind="{kind}" value="{value}"' if kind else ""
    return {"t": raw, "c": ["openxml", f'<c:{name} xmlns:c="{NAMESPACE}" n="{number}"{about}/>']}


TAGS: Mapping[str, Callable[[Constructs, Node], Node | list[Node] | None]] = {
    "Div": Constructs.division, "Code": Constructs.code, "Span": Constructs.span, "BlockQuote": Constructs.quotation,
    "Header": Constructs.heading, "Image": Constructs.picture, "Figure": Constructs.figure,
}  # fmt: skip
VISITED = frozenset(TAGS)


def without_last_break(blocks: Sequence[Node]) -> list[Node]:
    """`blocks` without page breaks after the end of the text: they would create an empty page."""
    kept = list(blocks)
    while kept and kept[-1]["t"] == "Div" and "page-break" in kept[-1]["c"][0][1]:
        kept.pop()
    return kept
