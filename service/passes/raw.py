"""Raw HTML → AST where pandoc has a node for it; nothing raw reaches a writer, and no attribute that is not allowed.

A CommonMark AST has HTML as single tags among the other nodes: `<b>` here, `</b>` three siblings on. So the siblings
are written out as one piece of HTML, finished nodes as placeholders, and `service.ast.html` reads it as a whole.
A tag that HTML does not know (`<target volume>`, `<iostream>`) or that stands alone and bare in a sentence
(`the <section> element`) was meant to be read: it stays as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from service.ast.html import Converter, names
from service.ast.html.shape import is_block
from service.ast.html.tree import TAG
from service.ast.pandoc_ast import ATTRIBUTES_AT, Node, plain, query, words
from service.model.blocks import ENUMERATIONS, WORDS, Blocks
from service.model.document import Conversion, Document, Notice
from service.model.notices import notice

RAW = frozenset({"RawInline", "RawBlock"})
CONTAINERS = frozenset({list, dict})
HTML = frozenset({"html", "html4", "html5"})
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
INSTRUCTION = re.compile(r"<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
UNCLOSED = re.compile(r"<(script|style|title|textarea|template|svg)\b(?![\s\S]*</\1\s*>)", re.IGNORECASE)
# TeX that no engine here sets, but that a script on somebody's page turns into links and attributes (MathJax, KaTeX).
ACTIVE_TEX = re.compile(
    r"\\(href|url|class|cssId|style|data|htmlClass|htmlId|htmlStyle|htmlData|includegraphics|require|def|let)\b"
)
MOST_REPORTED = 10_000  # characters of removed text in a notice


def run(document: Document, _conversion: Conversion) -> Document:
    blocks = document.blocks
    notices: tuple[Notice, ...] = ()
    raws = [node["c"][1] for node in query(blocks, RAW)]
    if raws:
        closed = frozenset(found[2].lower() for source in raws for found in TAG.finditer(source) if found[1])
        rewriter = Rewriter(Converter(_unused_name(raws)), closed)
        blocks = Blocks(rewriter.siblings(blocks), like=blocks)
        notices = rewriter.notices()
    formulas = [node["c"][1] for node in query(blocks, {"Math"}) if ACTIVE_TEX.search(node["c"][1])]
    notices += tuple(notice("math-unreadable", stage="raw", data={"tex": tex[:500]}) for tex in formulas)
    return replace(document, blocks=_cleaned(blocks), notices=document.notices + notices)


def _unused_name(raws: Sequence[str]) -> str:
    """A name for the placeholders' element that the document itself does not use."""
    name, everything = "x-node", "".join(raws).lower()
    while name in everything:
        name += "-x"
    return name


def _cleaned(blocks: Blocks) -> Blocks:
    """The blocks with every attribute list cut to what is allowed, and no formula that would do more than show itself."""
    out = list(blocks)
    for place in blocks.holding(ATTRIBUTES_AT.keys() | {"Math"}):
        out[place] = _clean_part(blocks[place])
    return Blocks(out, like=blocks)


def _clean(parts: list[Any]) -> list[Any]:
    """`parts` itself where all is allowed; only attributes have the shape [str, list, list]."""
    first = parts[0] if parts else None
    if first.__class__ is str and len(parts) == 3 and parts[1].__class__ is list and parts[2].__class__ is list:
        allowed = names.clean_attr(parts)
        return parts if allowed == parts else allowed
    if first.__class__ is dict and first.get("t") in WORDS:  # all of them are inlines then, and words have no attributes
        places = [place for place, one in enumerate(parts) if one["t"] not in WORDS]
    else:
        places = [place for place, one in enumerate(parts) if one.__class__ in CONTAINERS]
    changed: list[Any] | None = None
    for place in places:
        one = _clean_part(parts[place])
        if one is not parts[place]:
            changed = parts.copy() if changed is None else changed
            changed[place] = one
    return parts if changed is None else changed


def _clean_part(part: Any) -> Any:
    if part.__class__ is list:
        return _clean(part)
    if part.get("t") == "Math" and ACTIVE_TEX.search(part["c"][1]):
        return {"t": "Code", "c": [["", ["math"], []], part["c"][1]]}
    cleaned = {key: _clean(value) for key, value in part.items() if value.__class__ is list}
    return part | cleaned if any(part[key] is not value for key, value in cleaned.items()) else part


@dataclass
class Tag:
    """A raw inline that is one tag; `keep` says whether it goes to the converter, `literal` whether it stays as text."""

    source: str
    name: str
    closes: bool
    bare: bool
    keep: bool = True
    literal: bool = False


@dataclass
class Rewriter:
    """`closed` are the elements that are closed somewhere: an opening tag of one is markup, not the name of it."""

    converter: Converter
    closed: frozenset[str] = frozenset()
    comments: int = 0
    other: list[tuple[str, str]] = field(default_factory=list)

    def siblings(self, nodes: Sequence[Node]) -> list[Node]:
        """Blocks or inlines of one parent, with nothing raw among them or below."""
        if nodes and is_block(nodes[0]):
            return self._blocks([one for node in nodes for one in self._block(node)])
        html = self._inline_html(nodes)
        return self.converter.inlines(html) if html else self._without_raw(nodes)

    def _below(self, part: Any) -> Any:
        if isinstance(part, list):
            if part and isinstance(part[0], dict) and "t" in part[0] and part[0]["t"] not in ENUMERATIONS:
                return self.siblings(part)
            return [self._below(one) for one in part]
        if isinstance(part, dict) and "citationId" in part:
            return {key: self._below(value) for key, value in part.items()}
        return part

    def _inside(self, node: Node) -> Node:
        return {"t": node["t"], "c": self._below(node["c"])} if isinstance(node.get("c"), list) and node["t"] not in RAW else node

    # Blocks

    def _block(self, node: Node) -> list[Node]:
        """A block with its content done; a paragraph that holds block elements falls apart into them."""
        if node["t"] not in ("Para", "Plain"):
            return [self._inside(node)]
        html = self._inline_html(node["c"])
        if not html:
            inlines = self._without_raw(node["c"])
            return [{"t": node["t"], "c": inlines}] if inlines or not node["c"] else []
        if not any(found[2].lower() in names.BLOCKS for found in TAG.finditer(html)):
            inlines = self.converter.inlines(html)
            return [{"t": node["t"], "c": inlines}] if inlines else []
        blocks = self.converter.blocks(html)
        if node["t"] == "Plain":
            return [plain(block["c"]) if block["t"] == "Para" else block for block in blocks]
        return blocks

    def _blocks(self, nodes: Sequence[Node]) -> list[Node]:
        if not any(node["t"] == "RawBlock" for node in nodes):
            return list(nodes)
        parts: list[str] = []
        run: list[Node] = []
        for node in nodes:
            if node["t"] != "RawBlock":
                run.append(node)
                continue
            if run:
                parts.append(self.converter.stand_in(run))
                run = []
            parts.append(self._block_html(*node["c"]))
        return self.converter.blocks("".join(parts) + (self.converter.stand_in(run) if run else ""))

    def _block_html(self, kind: str, source: str) -> str:
        """What of a raw block the converter gets: known elements, everything else made text or code."""
        if kind not in HTML:
            self.other.append((kind, source))
            return ""
        if UNCLOSED.match(source.lstrip()):  # it runs on to the end of the document: nothing says it should
            return f"<pre>{escape(source)}</pre>"
        self.comments += len(COMMENT.findall(source))
        source = INSTRUCTION.sub(lambda found: f"<pre>{escape(found.group())}</pre>", COMMENT.sub("", source))
        return TAG.sub(lambda found: found.group() if found[2].lower() in names.KNOWN else escape(found.group()), source)

    # Inlines

    def _inline_html(self, nodes: Sequence[Node]) -> str:
        """The inlines as HTML with placeholders; empty where no tag among them is markup."""
        tags = {index: tag for index, node in enumerate(nodes) if (tag := _tag(node))}
        _pair(list(tags.values()), self.closed)
        if not any(tag.keep for tag in tags.values()):
            return ""
        parts: list[str] = []
        run: list[Node] = []
        for index, node in enumerate(nodes):
            tag = tags.get(index)
            if tag is None or not tag.keep:
                run += self._plain(node, tag)
                continue
            if run:
                parts.append(self.converter.stand_in(run))
                run = []
            parts.append(_closed(tag))
        return "".join(parts) + (self.converter.stand_in(run) if run else "")

    def _without_raw(self, nodes: Sequence[Node]) -> list[Node]:
        tags = {index: tag for index, node in enumerate(nodes) if (tag := _tag(node))}
        _pair(list(tags.values()), self.closed)
        return [one for index, node in enumerate(nodes) for one in self._plain(node, tags.get(index))]

    def _plain(self, node: Node, tag: Tag | None) -> list[Node]:
        """What stays of an inline that is no markup for the converter."""
        if node["t"] != "RawInline":
            return [self._inside(node)]
        kind, source = node["c"]
        if kind not in HTML:
            self.other.append((kind, source))
        elif tag is None and source.startswith("<!--"):
            self.comments += 1
        elif tag is None or tag.literal:
            return words(source)
        else:
            self.converter.dropped.append((tag.name, ""))
        return []

    # What is told

    def notices(self) -> tuple[Notice, ...]:
        told: dict[str, list[str]] = {}
        for name, content in self.converter.dropped:
            told.setdefault(f"<{name}>", []).append(content)
        for kind, content in self.other:
            told.setdefault(f"raw {kind}", []).append(content)
        out = [_dropped(what, removed) for what, removed in told.items()]
        if self.comments:
            message = f"{self.comments} HTML comments were removed."
            out.append(notice("comment-removed", message, stage="raw", data={"count": self.comments}))
        return tuple(out)


def _dropped(what: str, removed: Sequence[str]) -> Notice:
    times = f" ({len(removed)} times)" if len(removed) > 1 else ""
    data: dict[str, Any] = {"markup": what, "count": len(removed)}
    if content := "\n".join(filter(None, removed)):
        data["removed"] = content[:MOST_REPORTED]
    return notice("raw-html-dropped", f"{what} has no equivalent and was removed{times}.", stage="raw", data=data)


def _tag(node: Node) -> Tag | None:
    """The tag that a raw inline is; None for all other inlines, comments and instructions."""
    if node["t"] != "RawInline" or node["c"][0] not in HTML:
        return None
    source = node["c"][1].strip()
    found = TAG.fullmatch(source)
    if not found:
        return None
    rest = source[found.end(2) : -1].strip(" /\t\n")
    tag = Tag(source, found[2].lower(), bool(found[1]), not rest)
    tag.literal = tag.name not in names.KNOWN or tag.name in names.INVISIBLE
    if tag.name in names.VOID and tag.bare and tag.name in names.EMBEDDED | {"input", "img", "col"}:
        tag.literal = True
    tag.keep = not tag.literal
    return tag


def _pair(tags: Sequence[Tag], closed: frozenset[str]) -> None:
    """Tags without a partner are no markup: bare opening ones are text, the others are dropped."""
    opened: list[Tag] = []
    for tag in tags:
        if not tag.keep or tag.name in names.VOID or tag.source.endswith("/>"):
            continue
        if not tag.closes:
            opened.append(tag)
            continue
        partner = next((index for index in reversed(range(len(opened))) if opened[index].name == tag.name), None)
        if partner is None:
            tag.keep = False
            continue
        for unmatched in opened[partner + 1 :]:
            _give_up(unmatched, closed)
        del opened[partner:]
    for unmatched in opened:
        _give_up(unmatched, closed)


def _give_up(tag: Tag, closed: frozenset[str]) -> None:
    tag.keep = tag.name in names.OPTIONAL_END
    tag.literal = tag.bare and not tag.keep and tag.name not in closed


def _closed(tag: Tag) -> str:
    """`<a id="x"/>` has no content, though HTML takes it for an opening tag."""
    self_closing = tag.source.endswith("/>") and tag.name not in names.VOID
    return f"{tag.source[:-2]}></{tag.name}>" if self_closing else tag.source
