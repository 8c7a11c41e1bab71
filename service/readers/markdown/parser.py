"""comrak: Markdown text as a tree of typed nodes with their positions.

Why comrak, and what was measured: docs/decisions.md. It takes linear time for every shape of text that is
known to block other parsers (tests/readers/test_markdown_parser.py). Columns are counted in bytes: in characters they
would take quadratic time for a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import comrak

LINE_END = 1 << 30
Node = Any  # a node of comrak's tree: `node_value`, `children`, `sourcepos`


def kind(node: Node) -> str:
    """The name of the node's type: "Paragraph", "Strong"."""
    name: str = type(node.node_value).__name__
    return name


def choice(value: Any) -> str:
    """The name of one of comrak's enumerations: "Bullet" of `ListType.Bullet`."""
    return str(value).rpartition(":")[2]


@dataclass(frozen=True)
class Parsed:
    """A text and its tree."""

    text: str
    root: Node
    extensions: frozenset[str] = field(default=frozenset())

    @cached_property
    def lines(self) -> list[bytes]:
        return self.text.encode().split(b"\n")

    def source(self, node: Node) -> str:
        """The source of the node."""
        place = node.sourcepos
        first, last = place.start.line - 1, place.end.line - 1
        if last >= len(self.lines) or last < first:
            return ""
        if first == last:
            line: bytes = self.lines[first][place.start.column - 1 : place.end.column]
            return line.decode(errors="replace")
        parts = [
            self.lines[first][place.start.column - 1 :],
            *self.lines[first + 1 : last],
            self.lines[last][: place.end.column],
        ]
        return b"\n".join(parts).decode(errors="replace")

    def ends_with(self, node: Node, mark: bytes) -> bool:
        """Whether the source of the node ends in `mark`, one byte, or may."""
        end = node.sourcepos.end
        return end.line > len(self.lines) or self.lines[end.line - 1][end.column - 1 : end.column] in {mark, b" ", b"\t"}

    def source_lines(self, first: int, last: int) -> list[str]:
        """The lines `first` to `last`, counted from 1, both included."""
        return [line.decode() for line in self.lines[first - 1 : last]]

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Node]]:
        """All nodes by the names of their types, in document order, from one walk of the tree."""
        found: defaultdict[str, list[Node]] = defaultdict(list)
        for node in nodes(self.root):
            found[type(node.node_value).__name__].append(node)
        return found

    @cached_property
    def prose(self) -> str:
        """The text with every character of code, comments and HTML blocks replaced by a NUL, line feeds kept.

        Marks are searched here: offsets are those of the text, and code has no marks.
        """
        return without_code(self, VERBATIM)

    @cached_property
    def bare(self) -> str:
        """`prose` with its HTML; comments are blanked too."""
        return without_code(self, CODE)


def parse(text: str, extensions: frozenset[str]) -> Parsed:
    """The tree of `text` under comrak's extensions of these names."""
    switches: dict[str, Any] = dict.fromkeys(extensions, True)
    tree = comrak.parse_document(
        text,
        comrak.ExtensionOptions(**switches),
        comrak.ParseOptions(
            relaxed_tasklist_matching="tasklist" in extensions,
            tasklist_in_table="tasklist" in extensions,
            leave_footnote_definitions=True,
        ),
    )
    return Parsed(text, tree, extensions)


def nodes(root: Node) -> Iterator[Node]:
    """Every node, parents before children, in document order; without recursion, because a tree may be deep."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += reversed(node.children)


# Nodes whose text is not read as Markdown.
CODE = frozenset({"CodeBlock", "Code", "Math", "CommentInline", "MultilineComment"})
VERBATIM = CODE | {"HtmlBlock", "HtmlInline"}
MARKS = ("`", "~~~", "    ", "\t", "<", "%%", "$", "\\")  # a text without these has no such node


def without_code(parsed: Parsed, kinds: frozenset[str]) -> str:
    if not any(mark in parsed.text for mark in MARKS):
        return parsed.text
    places = [node.sourcepos for kind in kinds for node in parsed.by_kind.get(kind, ())]
    if not places:
        return parsed.text
    ranges: dict[int, list[tuple[int, int]]] = {}
    lines = parsed.text.split("\n")
    for place in places:
        start, end = place.start, place.end
        is_one_line = start.line == end.line
        ranges.setdefault(start.line, []).append((start.column - 1, end.column if is_one_line else LINE_END))
        for number in range(start.line, min(end.line - 1, len(lines))):
            lines[number] = "\0" * len(lines[number])
        if not is_one_line:
            ranges.setdefault(end.line, []).append((0, end.column))
    for number, found in ranges.items():
        if number <= len(lines):
            lines[number - 1] = _blanked(lines[number - 1], sorted(found))
    return "\n".join(lines)


def _blanked(line: str, places: list[tuple[int, int]]) -> str:
    """`line` with NULs in place of the characters at `places`, which are counted in bytes, in order."""
    if line.isascii() and len(places) == 1:
        start, end = places[0]
        return line[:start] + "\0" * len(line[start:end]) + line[end:]
    data = line.encode()
    parts: list[str] = []
    done = 0
    for start, end in places:
        if start < done:
            continue
        parts += [data[done:start].decode(errors="replace"), "\0" * len(data[start:end].decode(errors="replace"))]
        done = min(end, len(data))
    return "".join([*parts, data[done:].decode(errors="replace")])
