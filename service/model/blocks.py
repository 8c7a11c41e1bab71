"""The blocks of a document, with a survey of each.

A pass looks for links, or tables, or headings, and in a long text few blocks have one. The content of a block is
counted once, and the survey stays with the block from pass to pass. Passes visit only the blocks with the nodes that
they need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any, NamedTuple, Self

Node = dict[str, Any]
# Nine of ten nodes have these tags: a call for other nodes skips them first.
WORDS = frozenset({"Str", "Space", "SoftBreak", "LineBreak"})
COMMON = frozenset({"Str", "Space"})
LEAVES = frozenset({"SoftBreak", "LineBreak", "Code", "CodeBlock", "RawInline", "RawBlock"})
# Enumerations (alignment, list style, math type, quote type) are also {"t": …}: not nodes.
ENUMERATIONS = frozenset({
    "AlignLeft", "AlignRight", "AlignCenter", "AlignDefault", "ColWidth", "ColWidthDefault",
    "DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman", "LowerAlpha", "UpperAlpha",
    "DefaultDelim", "Period", "OneParen", "TwoParens", "DisplayMath", "InlineMath", "SingleQuote", "DoubleQuote",
    "AuthorInText", "SuppressAuthor", "NormalCitation",
})  # fmt: skip


class Survey(NamedTuple):
    """The count of each tag of a block or inline, with enumerations, and their depth.

    `words` is the text of all Str, in no order.
    """

    tags: Mapping[str, int]
    depth: int
    words: str

    def count(self, tag: str) -> int:
        return self.tags.get(tag, 0)


class Blocks(tuple[Node, ...]):
    """`like` are blocks whose surveys are reused for the same blocks here, because a pass changes or removes only some."""

    _surveys: list[Survey | None]

    def __new__(cls, blocks: Iterable[Node] = (), like: Blocks | None = None) -> Self:
        if blocks.__class__ is cls:
            return blocks
        made = super().__new__(cls, blocks)
        known = {} if like is None else {id(block): each for block, each in zip(like, like._surveys, strict=True)}
        made._surveys = [known.get(id(block)) for block in made]
        return made

    @property
    def surveys(self) -> list[Survey]:
        """The survey of each block."""
        if None in self._surveys:
            self._surveys = [known or survey((block,)) for block, known in zip(self, self._surveys, strict=True)]
        return self._surveys  # type: ignore[return-value]

    def holding(self, tags: Set[str]) -> list[int]:
        """The places of the blocks that have one of `tags`, or contain a node with one."""
        return [place for place, each in enumerate(self.surveys) if not tags.isdisjoint(each.tags)]

    def where(self, wanted: Callable[[Survey], bool]) -> list[int]:
        return [place for place, each in enumerate(self.surveys) if wanted(each)]


def survey(nodes: Any) -> Survey:  # noqa: PLR0912 (one loop over every node, which calls cost)
    """Descends level by level, so that it cannot overflow the stack."""
    if nodes.__class__ is Blocks:
        return _together(nodes.surveys)
    tags, words, spaces, depth = dict[str, int](), list[str](), 0, 0
    level: list[Any] = [nodes] if nodes else []
    while level:
        found, below = False, list[Any]()
        for parts in level:  # values that are not nodes are appended and visited with the rest
            rest = parts
            if parts[0].__class__ is dict and parts[0].get("t") in COMMON:  # all of them are inlines then
                rest = [each for each in parts if each["t"] not in COMMON]
                strings = [each["c"] for each in parts if each["t"] == "Str"]
                spaces += len(parts) - len(rest) - len(strings)
                words += strings
                found = True
            for each in rest:
                if each.__class__ is list:
                    if each and each[0].__class__ is not str:  # attributes, a target
                        level.append(each)
                elif each.__class__ is dict:
                    tag = each.get("t")
                    if tag is None:  # a citation
                        level.append(list(each.values()))
                        continue
                    found = True
                    if tag in COMMON:
                        spaces += tag == "Space"
                        words += [each["c"]] if tag == "Str" else []
                    elif tag not in ENUMERATIONS:
                        tags[tag] = tags.get(tag, 0) + 1
                        if tag not in LEAVES and each.get("c").__class__ is list and each["c"]:
                            below.append(each["c"])
        depth += found
        level = below
    if words:
        tags["Str"] = len(words)
    if spaces:
        tags["Space"] = spaces
    return Survey(tags, depth, "".join(words))


def _together(surveys: list[Survey]) -> Survey:
    tags = dict[str, int]()
    for each in surveys:
        for tag, count in each.tags.items():
            tags[tag] = tags.get(tag, 0) + count
    return Survey(tags, max((each.depth for each in surveys), default=0), "".join([each.words for each in surveys]))


def deepest(nodes: Any) -> str:
    """The words of the most deeply nested text; at most ten."""
    level, words = [nodes], list[str]()
    while level:
        below = list[Any]()
        strings = list[str]()
        for each in level:
            content = each.get("c") if isinstance(each, dict) else each
            strings += [str(content)] if isinstance(each, dict) and each.get("t") == "Str" else []
            below += content if isinstance(content, list) else list(content.values()) if isinstance(content, dict) else []
        words, level = strings[:10] or words, below
    return " ".join(words)
