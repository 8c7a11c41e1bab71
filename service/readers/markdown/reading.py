"""The state of a text while its tree becomes pandoc's AST: the text, its notes, the counts; and the descent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.ast import pandoc_ast
from service.ast.heading_slugs import GitHubSlugs
from service.ast.pandoc_ast import para, plain
from service.model.errors import Place, TooComplex
from service.readers.markdown import attribute_lines, captions, line_blocks, roles
from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import STAND_IN, Masks
from service.readers.markdown.parser import LINE_END, Node, Parsed, kind, nodes, parse
from service.readers.markdown.text import HELD, Inline, append, joined, trimmed, without_blocks, without_east_asian_breaks, words
from service.readers.shared.note_calls import MAX_NOTES

Block = pandoc_ast.Node

MOST_DEEP = pandoc_ast.MAX_DEPTH
SEQUENCE_MARKS = ("!!! ", "???", '=== "', '===! "', '===+ "')
INLINE_NOTE = "__inline_"  # comrak's name of inline notes


@dataclass(frozen=True, slots=True)
class Makers:
    """The tables kind of node → function, and the functions for several blocks of one container."""

    blocks: Mapping[str, Callable[[Reading, Node], list[Block]]]
    inlines: Mapping[str, Callable[[Reading, Node], list[Inline]]]
    sequences: Sequence[Callable[[Reading, Sequence[Node], int], tuple[list[Block], int] | None]]


@dataclass
class Reading:
    """One text on its way from comrak's tree to pandoc's AST. `line` is the number of its first line in the upload.

    `line_end` is the node for a line end in a paragraph; `wrapped`: an editor wrapped the lines. `constructs`: spellings
    beyond CommonMark and GitHub's are read. `in_book`: other notes may be chapters of the same book.
    """

    makers: Makers
    parsed: Parsed
    masks: Masks
    line: int = 1
    line_end: str = "SoftBreak"
    wrapped: bool = False
    constructs: bool = False
    in_book: bool = False
    slugs: GitHubSlugs = field(default_factory=GitHubSlugs)
    gone: Gone = field(default_factory=Gone)
    prepare: Callable[[str, int], Parsed] | None = None
    appendix: str = ""  # definitions of links and notes, also for parts that are read separately
    last: int = LINE_END  # the last line that is not an appendix
    budget: list[int] = field(default_factory=lambda: [5_000_000])  # characters of appendices that may still be read
    called_elsewhere: frozenset[str] = frozenset()
    markers: Mapping[int, Any] = field(default_factory=dict)  # lines of the upload → the style of the list item there
    depth: int = 0
    notes: dict[str, Node] = field(default_factory=dict)
    open_notes: list[str] = field(default_factory=list)
    called: int = 0
    links: int = 0  # links made so far
    may_link: bool = False  # whether a bare URL, or a nested link, may have been added since this was last set to False

    def __post_init__(self) -> None:
        may_be_there = self.constructs and any(mark in self.parsed.text for mark in SEQUENCE_MARKS)
        self.sequences = self.makers.sequences if may_be_there else ()
        text = self.parsed.text
        self.may_have_attributes = "}" in text
        self.may_have_roles = self.constructs and "`" in text and ("}" in text or "$`" in text)
        self.may_cite = "^[" in text
        if "[^" in self.parsed.text or "^[" in self.parsed.text:
            for node in self.parsed.by_kind.get("FootnoteDefinition", ()):
                self.notes.setdefault(node.node_value.value.name.casefold(), node)
        self.uncalled = self._uncalled()

    def _uncalled(self) -> set[int]:
        """The lines of definitions of notes without a call: they are text."""
        calls = self.parsed.by_kind.get("FootnoteReference", ()) if self.notes else ()
        called = {node.node_value.value.name.casefold() for node in calls}
        called |= self.called_elsewhere
        return {node.sourcepos.start.line for name, node in self.notes.items() if name not in called}

    # Text

    def shown(self, text: str) -> str:
        return self.masks.shown(text)

    def words(self, text: str) -> list[Inline]:
        """`text` as inlines, with the content of its stand-ins."""
        if not self.masks.made or text.isascii():
            text = self.shown(text)
            self.may_link |= "://" in text or "www." in text or "@" in text
            return words(text)
        self.may_link = True
        out: list[Inline] = []
        for piece in STAND_IN.split(text):
            if piece not in self.masks.made:
                out += words(self.shown(piece))
                continue
            blocks = self.masks.made[piece][0](self)
            if len(blocks) == 1 and blocks[0]["t"] in {"Para", "Plain"}:
                out += blocks[0]["c"]
            elif blocks:
                out.append({"t": HELD, "c": blocks})
        return out

    def verbatim(self, text: str) -> str:
        return self.masks.verbatim(text)

    def target(self, value: Any) -> tuple[str, str]:
        return self.shown(value.url), self.shown(value.title)

    def before(self, node: Node) -> str:
        """The character before the node in its line; a space if the node begins the line."""
        place = node.sourcepos.start
        if place.line > len(self.parsed.lines):
            return " "
        data = self.parsed.lines[place.line - 1][max(0, place.column - 5) : place.column - 1]
        return data.decode(errors="ignore")[-1:] or " "

    def behind(self, node: Node) -> str:
        """The character behind the node in its line; a space if the node ends the line."""
        place = node.sourcepos.end
        if place.line > len(self.parsed.lines):
            return " "
        return self.parsed.lines[place.line - 1][place.column : place.column + 4].decode(errors="ignore")[:1] or " "

    # Content

    def inlines(self, node: Node) -> list[Inline]:
        """The content of a node, as inlines."""
        self._deeper(node)
        out: list[Inline] = []
        makers, children = self.makers.inlines, node.children
        marks = {place for place in range(len(children)) if is_citation_mark(self, children, place)} if self.may_cite else ()
        for place, child in enumerate(children):
            name = type(child.node_value).__name__
            if place in marks:
                made: list[Inline] = [{"t": "Superscript", "c": words(f"[{self.plain_text(child)}]")}]
            elif place - 1 in marks:
                made = words(self.shown(child.node_value.value[1:]))
            elif self.may_have_roles and (together := roles.next_to_code(self, out, child, name)) is not None:
                out = joined(together)
                continue
            else:
                made = makers[name](self, child)
            if name != "Text" or self.masks.made:  # the words of a text are joined already
                made = joined(made) if len(made) > 1 else made
            if made and out:
                append(out, made[0])
                out += made[1:]
            else:
                out += made
        self.depth -= 1
        if self.masks.made and kind(node) != "Paragraph":
            out = joined(without_blocks(out))
        return without_east_asian_breaks(out) if self.wrapped else out

    def blocks(
        self, children: Sequence[Node], *, tight: bool = False, each: Callable[[list[Block]], Sequence[Block]] | None = None
    ) -> list[Block]:
        """The content of a container, as blocks. `tight`: its paragraphs are lines of a list without space between.

        `each` gets the blocks of each child, and returns their replacement.
        """
        out: list[Block] = []
        place = 0
        while place < len(children):
            if self.last != LINE_END and children[place].sourcepos.start.line > self.last:
                break
            made, place = self._next(children, place, tight=tight)
            out += made if each is None else each(made)
        if self.constructs and len(out) > 1 and any(one["t"] == "Table" for one in out):
            out = captions.joined(out)
        return attribute_lines.applied(out) if self.masks.made else out

    def _next(self, children: Sequence[Node], place: int, *, tight: bool) -> tuple[list[Block], int]:
        """The blocks of the child at `place`, and the place after their sources."""
        child = children[place]
        name = type(child.node_value).__name__
        if name != "Paragraph":
            self._deeper(child)
            made = self.makers.blocks[name](self, child)
            self.depth -= 1
            return made, place + 1
        if self.sequences and (found := self._sequence(children, place)):
            return found
        inlines = self.paragraph(child)
        return self.paragraphs(inlines, plain if tight else para, child) if inlines else [], place + 1

    def _lines_of(self, node: Node) -> Sequence[str]:
        place = node.sourcepos
        return self.parsed.source_lines(place.start.line, place.end.line)

    def _follows(self, node: Node) -> bool:
        """Whether the line above the node is not blank."""
        above = self.parsed.source_lines(node.sourcepos.start.line - 1, node.sourcepos.start.line - 1)
        return bool(above and above[0].strip(" \t>"))

    def paragraph(self, node: Node) -> list[Inline]:
        inlines = self.inlines(node)
        while inlines and inlines[-1]["t"] in {"Space", "SoftBreak"}:
            inlines.pop()
        return inlines

    def paragraphs(
        self, inlines: list[Inline], make: Callable[[Sequence[Inline]], Block], node: Node | None = None
    ) -> list[Block]:
        """A paragraph, divided at the blocks in it; or a line block. `node` is its place."""
        if self.constructs and (lines := line_blocks.from_paragraph(inlines, lambda: self._lines_of(node) if node else ())):
            return [lines]
        if not self.masks.made or all(one["t"] != HELD for one in inlines):
            return [make(inlines)]
        out: list[Block] = []
        part: list[Inline] = []
        for one in [*inlines, {"t": HELD, "c": []}]:
            if one["t"] != HELD:
                part.append(one)
                continue
            part = trimmed(part)
            out += [*([make(part)] if part else []), *one["c"]]
            part = []
        return attribute_lines.directed(out, above=bool(node) and self._follows(node))

    def _sequence(self, children: Sequence[Node], place: int) -> tuple[list[Block], int] | None:
        found = (make(self, children, place) for make in self.sequences)
        return next((one for one in found if one is not None), None)

    def sub_document(self, lines: Sequence[str], first: int) -> list[Block]:
        """Lines of the text that are a separate document, such as the body of an admonition."""
        self.depth += 2
        if self.depth > MOST_DEEP:
            detail = f"The document nests more than {MOST_DEEP} deep."
            raise TooComplex(detail, places=[Place(detail, line=self.line + first - 1)], extra={"limit": MOST_DEEP})
        text, line = "\n".join(lines) + "\n", self.line + first - 1
        parsed = self.prepare(text, line) if self.prepare else parse(text, self.parsed.extensions)
        last = parsed.text.count("\n")
        if self.appendix and "[" in text and self.budget[0] > 0:
            self.budget[0] -= len(self.appendix)
            parsed = parse(f"{parsed.text}\n\n{self.appendix}", parsed.extensions | self.parsed.extensions)
        inner = replace(self, parsed=parsed, line=line, notes={}, last=last)
        inner.uncalled = set()
        blocks = inner.blocks(parsed.root.children)
        self.called, self.may_link = inner.called, True
        self.depth -= 2
        return blocks

    def inline_text(self, text: str, line: int = 1) -> list[Inline]:
        """A line of text that is separate Markdown, such as a title behind a fence."""
        blocks = self.sub_document([text.strip()], line)
        return [*blocks[0]["c"]] if len(blocks) == 1 and blocks[0]["t"] in {"Para", "Plain"} else words(self.shown(text))

    def plain_text(self, node: Node) -> str:
        """The text of the note that a node calls."""
        definition = self.notes.get(node.node_value.value.name.casefold())
        parts = [one.node_value.value for one in nodes(definition) if kind(one) == "Text"] if definition else []
        return "".join(parts)

    # Notes

    def note(self, node: Node) -> list[Inline]:
        """A note with its text. Raises TooComplex if it calls itself, and if notes multiply."""
        name = node.node_value.value.name.casefold()
        definition = self.notes.get(name)
        if definition is None:
            self.may_link = True
            return words(self.parsed.source(node))
        if name in self.open_notes:
            self._refuse(definition, f"The footnote {name[:40]!r} calls itself.")
        self.called += 1
        if self.called > MAX_NOTES:
            detail = f"The footnotes come to more than {MAX_NOTES:,}, each as often as it is called."
            self._refuse(definition, detail, MAX_NOTES)
        self.open_notes.append(name)
        last, self.last = self.last, LINE_END
        blocks = self.blocks(definition.children)
        self.last = last
        self.open_notes.pop()
        return [{"t": "Note", "c": blocks}] if blocks else []

    # Limits

    def _deeper(self, node: Node) -> None:
        self.depth += 1
        if self.depth > MOST_DEEP:
            self._refuse(node, f"The document nests more than {MOST_DEEP} deep.", MOST_DEEP)

    def _refuse(self, node: Node, detail: str, limit: int | None = None) -> None:
        number = self.line + node.sourcepos.start.line - 1
        extra = {} if limit is None else {"limit": limit}
        raise TooComplex(detail, places=[Place(detail, line=number)], extra=extra)


def is_citation_mark(reading: Reading, children: Sequence[Node], place: int) -> bool:
    """`text^[12]^` of a text that cites by number: comrak sees a note in the text, and a caret."""
    node = children[place]
    if kind(node) != "FootnoteReference" or not node.node_value.value.name.startswith(INLINE_NOTE):
        return False
    behind = children[place + 1 : place + 2]
    if not behind or kind(behind[0]) != "Text" or not behind[0].node_value.value.startswith("^"):
        return False
    return bool(re.fullmatch(r"[\d,，\-–—\s]{1,40}", reading.plain_text(node)))
