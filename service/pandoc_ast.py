"""pandoc's JSON AST as plain dicts: codec, constructors, walk, query, text.

Plain dicts with orjson because panflute measured ten times slower (docs/decisions.md). A node is
`{"t": tag, "c": content}`; the shapes are those of pandoc-types 1.23 (Text.Pandoc.Definition).
Nodes are treated as immutable: `walk` builds new ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

import orjson

from service.errors import TooComplex

Node = dict[str, Any]
Attr = list[Any]  # [identifier, [classes], [[key, value], …]]
API_VERSION = [1, 23, 1]
MAX_DEPTH = 60  # of nodes in one another: passes and writers recurse

# Where a container keeps its children: tag → path of indexes into "c" (None: "c" is itself the list).
INLINE_CONTAINERS: Mapping[str, int | None] = {
    "Emph": None, "Underline": None, "Strong": None, "Strikeout": None, "Superscript": None, "Subscript": None,
    "SmallCaps": None, "Quoted": 1, "Cite": 1, "Link": 1, "Image": 1, "Span": 1,
}  # fmt: skip
TEXT_BLOCKS = frozenset({"Plain", "Para"})


def loads(data: bytes) -> list[Node]:
    """The blocks of a pandoc JSON document. Raises TooComplex where it nests beyond what orjson reads (1,024)."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise TooComplex("The document nests deeper than can be converted.") from error
    blocks: list[Node] = document["blocks"]
    return blocks


def dumps(blocks: Iterable[Node], meta: Mapping[str, Any] | None = None) -> bytes:
    try:
        return orjson.dumps({"pandoc-api-version": API_VERSION, "meta": dict(meta or {}), "blocks": list(blocks)})
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise TooComplex("The document nests deeper than can be converted.") from error


# Constructors


def attr(identifier: str = "", classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None) -> Attr:
    return [identifier, list(classes), [[key, value] for key, value in (pairs or {}).items()]]


def string(text: str) -> Node:
    return {"t": "Str", "c": text}


def words(text: str) -> list[Node]:
    """`text` as Str and Space (or SoftBreak at line ends): the inlines that pandoc itself would make of it."""
    inlines: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            inlines.append({"t": "SoftBreak"})
        for position, word in enumerate(line.split(" ")):
            if position:
                inlines.append({"t": "Space"})
            if word:
                inlines.append(string(word))
    return inlines


def para(inlines: Sequence[Node]) -> Node:
    return {"t": "Para", "c": list(inlines)}


def plain(inlines: Sequence[Node]) -> Node:
    return {"t": "Plain", "c": list(inlines)}


def header(level: int, inlines: Sequence[Node], attributes: Attr | None = None) -> Node:
    return {"t": "Header", "c": [level, attributes or attr(), list(inlines)]}


def link(inlines: Sequence[Node], url: str, title: str = "", attributes: Attr | None = None) -> Node:
    return {"t": "Link", "c": [attributes or attr(), list(inlines), [url, title]]}


def image(inlines: Sequence[Node], url: str, title: str = "", attributes: Attr | None = None) -> Node:
    return {"t": "Image", "c": [attributes or attr(), list(inlines), [url, title]]}


def span(inlines: Sequence[Node], attributes: Attr | None = None) -> Node:
    return {"t": "Span", "c": [attributes or attr(), list(inlines)]}


def div(blocks: Sequence[Node], attributes: Attr | None = None) -> Node:
    return {"t": "Div", "c": [attributes or attr(), list(blocks)]}


def meta_string(text: str) -> Node:
    """Literal text as a meta value: MetaInlines of one Str, for MetaString loses keywords in pandoc 3.9 (#11666)."""
    return {"t": "MetaInlines", "c": [string(text)]}


def meta_list(values: Iterable[Node]) -> Node:
    return {"t": "MetaList", "c": list(values)}


# Where the attributes of a node stand in its content.
ATTRIBUTES_AT = {"Header": 1, "Div": 0, "Span": 0, "CodeBlock": 0, "Code": 0, "Link": 0, "Image": 0, "Table": 0, "Figure": 0}

# Traversal

Replacement = Node | list[Node] | None
Visitor = Callable[[Node], Replacement]
# Nine of ten nodes are these: where none of them is wanted, they are passed over before anything else is asked.
WORDS = frozenset({"Str", "Space", "SoftBreak", "LineBreak"})
NONE: Set[str] = frozenset()


def walk(nodes: Sequence[Node], visit: Visitor, tags: Set[str] | None = None) -> list[Node]:
    """A new tree, bottom-up: `visit` gets each block and inline with its children already walked; only `tags`, if given.

    It answers the node (the same or another), a list to splice in its place, or None to remove it.
    """
    out: list[Node] = []
    passed = NONE if tags is None or not WORDS.isdisjoint(tags) else WORDS
    for node in nodes:
        tag = node["t"]
        if tag in passed:
            out.append(node)
            continue
        content = node.get("c")
        walked = {"t": tag, "c": _walk_content(content, visit, tags)} if content.__class__ is list else node
        if tags is not None and tag not in tags:
            out.append(walked)
            continue
        result = visit(walked)
        if isinstance(result, dict):
            out.append(result)
        elif result:
            out.extend(result)
    return out


def _walk_content(content: list[Any], visit: Visitor, tags: Set[str] | None) -> list[Any]:
    first = content[0] if content else ""
    if first.__class__ is str:  # attributes, a target, code: no node in it
        return content
    if first.__class__ is dict and "t" in first and _is_node(first):
        return walk(content, visit, tags)
    return [_walk_content(part, visit, tags) if part.__class__ is list else _walk_part(part, visit, tags) for part in content]


def _walk_part(part: Any, visit: Visitor, tags: Set[str] | None) -> Any:
    if part.__class__ is dict and "citationId" in part:
        affixes = {key: walk(part[key], visit, tags) for key in ("citationPrefix", "citationSuffix")}
        return part | affixes
    return part


# Enumerations (alignment, list style, math type, quote type) are also {"t": …}: not nodes.
ENUMERATIONS = frozenset({
    "AlignLeft", "AlignRight", "AlignCenter", "AlignDefault", "ColWidth", "ColWidthDefault",
    "DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman", "LowerAlpha", "UpperAlpha",
    "DefaultDelim", "Period", "OneParen", "TwoParens", "DisplayMath", "InlineMath", "SingleQuote", "DoubleQuote",
    "AuthorInText", "SuppressAuthor", "NormalCitation",
})  # fmt: skip


def _is_node(part: Mapping[str, Any]) -> bool:
    return part["t"] not in ENUMERATIONS


def query(nodes: Any, tags: Set[str] | None = None) -> Iterator[Node]:
    """Every block and inline, or those of `tags`, in document order, parents before children.

    Iterative and by exact classes: passes and writers ask some twenty times for each document.
    """
    passed = NONE if tags is None or not WORDS.isdisjoint(tags) else WORDS
    stack = [iter((nodes,))]
    while stack:
        for part in stack[-1]:
            inside: Any = None
            if part.__class__ is list or part.__class__ is tuple:
                inside = part
            elif part.__class__ is not dict:
                continue
            elif "t" in part:
                if part["t"] in ENUMERATIONS:
                    continue
                if tags is None or part["t"] in tags:
                    yield part
                inside = part.get("c")
            elif "citationId" in part:
                inside = [part["citationPrefix"], part["citationSuffix"]]
            if inside.__class__ is not str and inside:
                if inside[0].__class__ is dict and inside[0].get("t") in passed:  # all of them are inlines then
                    inside = [each for each in inside if each["t"] not in passed]
                stack.append(iter(inside))
                break
        else:
            stack.pop()


BREAKS = {"Space": " ", "SoftBreak": "\n", "LineBreak": "\n"}


def text(nodes: Any) -> str:
    """The characters a reader sees, without markup; blocks end with a line feed. Image alt text counts."""
    parts: list[str] = []
    for node in query(nodes):
        tag = node["t"]
        if tag in BREAKS:
            parts.append(BREAKS[tag])
        elif tag == "Str":
            parts.append(node["c"])
        elif tag in ("Code", "CodeBlock", "Math", "RawInline", "RawBlock"):
            parts.append(node["c"][1])
        elif tag in ("Para", "Plain", "Header") and parts and not parts[-1].endswith("\n"):
            parts.append("\n")
    return "".join(parts)


class Survey(NamedTuple):
    """How often each tag of a block or inline is there, and how deep they nest, enumerations among them."""

    tags: Counter[str]
    depth: int


def survey(nodes: Any) -> Survey:
    """Goes down level by level, so that it can't itself overflow."""
    tags, depth, below = Counter[str](), 0, [nodes]
    while below:
        todo, level = below, list[Node]()
        while todo:
            part = todo.pop()
            parts = part.values() if part.__class__ is dict else part
            found = [each for each in parts if each.__class__ is dict and "t" in each]
            level += found
            if len(found) < len(parts):
                todo += [each for each in parts if each.__class__ is list or (each.__class__ is dict and "t" not in each)]
        tags.update([each["t"] for each in level])
        below = [each["c"] for each in level if "c" in each and each["c"].__class__ is list]
        depth += bool(level)
    return Survey(Counter({tag: count for tag, count in tags.items() if tag not in ENUMERATIONS}), depth)


def depth(nodes: Any) -> int:
    """How deep blocks and inlines nest."""
    return survey(nodes).depth
