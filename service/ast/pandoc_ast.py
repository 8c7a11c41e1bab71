"""pandoc's JSON AST as plain dicts: codec, constructors, walk, query, text.

Plain dicts with orjson, because panflute is ten times slower (docs/decisions.md). A node is
`{"t": tag, "c": content}`; the shapes are those of pandoc-types 1.23 (Text.Pandoc.Definition).
Nodes are treated as immutable: `walk` builds new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import orjson

from service.model.blocks import ENUMERATIONS, LEAVES, WORDS, Blocks, Survey, survey
from service.model.errors import TooComplex

Node = dict[str, Any]
Attr = list[Any]  # [identifier, [classes], [[key, value], …]]
API_VERSION = [1, 23, 1]
MAX_DEPTH = 60  # depth of nodes: passes and writers recurse
MAX_MARKED = 100_000  # links and formatted passages: 150,000 links took a DOCX more than 60 s of CPU, 100,000 take 11 s
# Where a container keeps its children: tag → path of indexes into "c" (None: "c" is itself the list).
INLINE_CONTAINERS: Mapping[str, int | None] = {
    "Emph": None, "Underline": None, "Strong": None, "Strikeout": None, "Superscript": None, "Subscript": None,
    "SmallCaps": None, "Quoted": 1, "Cite": 1, "Link": 1, "Image": 1, "Span": 1,
}  # fmt: skip
TEXT_BLOCKS = frozenset({"Plain", "Para"})


def loads(data: bytes) -> list[Node]:
    """The blocks of a pandoc JSON document. Raises TooComplex if it nests deeper than orjson can read (1,024)."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise TooComplex("The document exceeds the limit of nesting.") from error
    blocks: list[Node] = document["blocks"]
    return blocks


def dumps(blocks: Iterable[Node], meta: Mapping[str, Any] | None = None) -> bytes:
    try:
        return orjson.dumps({"pandoc-api-version": API_VERSION, "meta": dict(meta or {}), "blocks": list(blocks)})
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise TooComplex("The document exceeds the limit of nesting.") from error


# Constructors


def attr(identifier: str = "", classes: Sequence[str] = (), pairs: Mapping[str, str] | None = None) -> Attr:
    return [identifier, list(classes), [[key, value] for key, value in (pairs or {}).items()]]


def string(text: str) -> Node:
    return {"t": "Str", "c": text}


def words(text: str) -> list[Node]:
    """`text` as Str and Space (or SoftBreak at line ends): the inlines that pandoc would create."""
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
    """Literal text as a meta value: MetaInlines of one Str, because MetaString loses keywords in pandoc 3.9 (#11666)."""
    return {"t": "MetaInlines", "c": [string(text)]}


def meta_list(values: Iterable[Node]) -> Node:
    return {"t": "MetaList", "c": list(values)}


# Where the attributes of a node are in its content.
ATTRIBUTES_AT = {"Header": 1, "Div": 0, "Span": 0, "CodeBlock": 0, "Code": 0, "Link": 0, "Image": 0, "Table": 0, "Figure": 0}

# Traversal

Replacement = Node | list[Node] | None
Visitor = Callable[[Node], Replacement]
Where = Callable[[Survey], bool]
NONE: Set[str] = frozenset()


def walk(nodes: Sequence[Node], visit: Visitor, tags: Set[str] | None = None) -> list[Node]:
    """A new tree, bottom-up: `visit` gets each block and inline with its children already walked; only `tags`, if given.

    It returns the node (the same or another), a list to splice in its place, or None to remove it. Unchanged nodes are
    the same objects in both trees.
    """
    return list(_walk_list(nodes, visit, tags, _passed(tags)))


def walk_blocks(blocks: Blocks, visit: Visitor, tags: Set[str] | None = None, where: Where | None = None) -> Blocks:
    """As `walk`, but skips blocks without nodes of `tags`, and blocks that `where` excludes."""
    places: Sequence[int] = range(len(blocks))
    if where is not None:
        places = blocks.where(where)
    elif tags is not None:
        places = blocks.holding(tags)
    return Blocks(_walked(blocks, visit, tags, _passed(tags), places), like=blocks)


def _passed(tags: Set[str] | None) -> Set[str]:
    return NONE if tags is None or not WORDS.isdisjoint(tags) else WORDS


def _places(nodes: Sequence[Node], passed: Set[str]) -> Sequence[int]:
    return [place for place, node in enumerate(nodes) if node["t"] not in passed] if passed else range(len(nodes))


def _walked(
    nodes: Sequence[Node], visit: Visitor, tags: Set[str] | None, passed: Set[str], places: Sequence[int]
) -> Sequence[Node]:
    """The nodes, with those at `places` walked; `nodes` itself if nothing changes."""
    out: list[Node] = []
    done = 0
    for place in places:
        node = walked = nodes[place]
        tag, content = node["t"], node.get("c")
        if content.__class__ is list and content and tag not in LEAVES:
            inside = _walk_content(content, visit, tags, passed)
            if inside is not content:
                walked = {"t": tag, "c": inside}
        result = visit(walked) if tags is None or tag in tags else walked
        if result is node:
            continue
        out += nodes[done:place]
        done = place + 1
        if isinstance(result, dict):
            out.append(result)
        elif result:
            out += result
    return [*out, *nodes[done:]] if done else nodes


def _walk_list(nodes: Sequence[Node], visit: Visitor, tags: Set[str] | None, passed: Set[str]) -> Sequence[Node]:
    return _walked(nodes, visit, tags, passed, _places(nodes, passed))


def _walk_content(content: list[Any], visit: Visitor, tags: Set[str] | None, passed: Set[str]) -> Any:
    """`content` itself if nothing changes."""
    first = content[0]
    if first.__class__ is dict and first.get("t", "Period") not in ENUMERATIONS:
        return _walk_list(content, visit, tags, passed)
    changed: list[Any] | None = None
    for place, part in enumerate(content):
        if part.__class__ is list and part and part[0].__class__ is not str:  # attributes and targets hold no node
            walked = _walk_content(part, visit, tags, passed)
        elif part.__class__ is dict and "citationId" in part:
            affixes = {key: _walk_list(part[key], visit, tags, passed) for key in ("citationPrefix", "citationSuffix")}
            walked = part if all(part[key] is each for key, each in affixes.items()) else part | affixes
        else:
            continue
        if walked is not part:
            changed = content.copy() if changed is None else changed
            changed[place] = walked
    return content if changed is None else changed


def query(nodes: Any, tags: Set[str] | None = None) -> Iterator[Node]:
    """Every block and inline, or those of `tags`, in document order, parents before children.

    Iterative and by exact classes: passes and writers call it about twenty times for each document.
    """
    passed = _passed(tags)
    if nodes.__class__ is Blocks:
        nodes = list(nodes) if tags is None else [nodes[place] for place in nodes.holding(tags)]
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


def is_longer(blocks: Blocks, most: int) -> bool:
    """Whether `text` has more than `most` characters. For a long document its words are enough to decide."""
    found = survey(blocks)
    return len(found.words) + sum(map(found.count, BREAKS)) > most or len(text(blocks)) > most


def depth(nodes: Any) -> int:
    """The depth of blocks and inlines."""
    return survey(nodes).depth
