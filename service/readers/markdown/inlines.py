"""Inline nodes of comrak's tree → pandoc's inlines: one row of INLINES for each kind of node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Attr, attr
from service.readers.markdown import attributes
from service.readers.markdown.parser import Node, kind
from service.readers.markdown.reading import Reading
from service.readers.markdown.text import Inline, words

Make = Callable[[Reading, Node], list[Inline]]

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?)$", re.IGNORECASE)
SIZE = re.compile(r"(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?")
ALIAS = re.compile(rf"\|{SIZE.pattern}\Z")
# Marks that people also type in prose (`1~3岁，5~8岁`, `C++和C++`, `^_^`) are markup only around matching text.
SCRIPT: Mapping[str, re.Pattern[str]] = {
    "Superscript": re.compile(r"[\w+\-−=()\[\]]{1,24}(?<!_)"),
    "Subscript": re.compile(r"[A-Za-z0-9+\-−=()]{1,16}"),
}
STRUCK = re.compile(r"[A-Za-zÀ-ɏ].*", re.S)
WRAPPED_IN: Mapping[str, tuple[str, str]] = {
    "Superscript": ("Superscript", "^"),
    "Subscript": ("Subscript", "~"),
    "Insert": ("Underline", "++"),
    "Highlight": ("Span", "=="),
}


TASKS: Mapping[str | None, str] = {None: "☐", " ": "☐", "x": "☒", "X": "☒", "/": "☐", "-": "☒", "~": "☒"}


def task_mark(node: Node) -> str:
    """The box of a task, in a list or alone in a cell of a table."""
    symbol = node.node_value.value.symbol
    return TASKS.get(symbol, f"[{symbol}]")


def _text(reading: Reading, node: Node) -> list[Inline]:
    return reading.words(node.node_value.value)


def _inside(tag: str) -> Make:
    return lambda reading, node: [{"t": tag, "c": reading.inlines(node)}]


def _script(reading: Reading, node: Node) -> list[Inline]:
    """A superscript or subscript of pandoc's and Obsidian's; the marks stay text if they are intended as text."""
    tag, mark = WRAPPED_IN[kind(node)]
    inside = reading.inlines(node)
    if SCRIPT[tag].fullmatch(pandoc_ast.text(inside)) and not reading.before(node).isspace():
        return [{"t": tag, "c": inside}]
    if (
        tag == "Subscript"
        and STRUCK.fullmatch(pandoc_ast.text(inside))
        and not (reading.before(node) + reading.behind(node)).strip()
    ):
        return [{"t": "Strikeout", "c": inside}]  # GitHub's `~gone~`
    return [*words(mark), *inside, *words(mark)]


def _marked(reading: Reading, node: Node) -> list[Inline]:
    """Inserted or highlighted text; not if a word touches the marks from outside (`C++和C++`, `a==b==c`)."""
    tag, mark = WRAPPED_IN[kind(node)]
    inside = reading.inlines(node)
    if reading.before(node).isascii() and reading.before(node).isalnum():
        return [*words(mark), *inside, *words(mark)]
    return [pandoc_ast.span(inside, attr(classes=["mark"])) if tag == "Span" else {"t": tag, "c": inside}]


def _code(reading: Reading, node: Node) -> list[Inline]:
    return [{"t": "Code", "c": [_attributes(reading, node, "`") or attr(), reading.verbatim(node.node_value.value.literal)]}]


def _link(reading: Reading, node: Node) -> list[Inline]:
    inside = reading.inlines(node)
    reading.links += 1
    return [pandoc_ast.link(inside, *reading.target(node.node_value.value), attributes=_attributes(reading, node, "["))]


def _image(reading: Reading, node: Node) -> list[Inline]:
    value, links = node.node_value.value, reading.links
    alt, given = reading.inlines(node), _attributes(reading, node, "![")
    reading.may_link |= reading.links > links  # a link in the alternative text
    last = alt[-1]["c"] if alt and alt[-1]["t"] == "Str" else ""
    if "|" in last and (size := ALIAS.search(last)):  # Obsidian's `![plan|300](plan.png)`
        alt = [*alt[:-1], *words(last[: size.start()])]
        pairs = {key: one for key, one in size.groupdict().items() if one}
        given = given or attr(pairs=pairs)
    return [pandoc_ast.image(alt, *reading.target(value), attributes=given)]


def _attributes(reading: Reading, node: Node, opening: str) -> Attr | None:
    """The attributes behind a node; empty if the position is not that of the node (comrak counts from a paragraph's
    first line, even if definitions of links are before its text)."""
    if not reading.may_have_attributes or not reading.parsed.ends_with(node, b"}"):
        return None
    source = reading.parsed.source(node)
    return attributes.at_end(source) if source.startswith(opening) else None


def _wikilink(reading: Reading, node: Node) -> list[Inline]:
    """`[[note|text]]` becomes its text, because the target is not in the file; `[[#Part]]` leads to a heading of this one.

    `![[picture.png|300]]` is a picture; another embedded file is named, with a notice. In a book, `[[note]]` is a link
    whose address is the note in brackets: the note may be a chapter (`service.passes.links`). An embedded note is a link
    of the class `embed`, which `service.pipeline.embeds` replaces.
    """
    value = node.node_value.value
    reading.may_link = True
    inside = reading.inlines(node)
    if not value.embed and reading.parsed.source(node).startswith("[[ "):  # brackets as an ornament, a test of a shell
        return words(reading.shown(reading.parsed.source(node)))
    url = reading.shown(value.url)
    reported = pandoc_ast.text(inside)
    if value.embed and PICTURE.search(url):
        size = SIZE.fullmatch(reported) or ALIAS.search(reported)
        pairs = {key: each for key, each in size.groupdict().items() if each} if size else {}
        alt = words(reported[: size.start()]) if size else [] if reported == url else inside
        return [pandoc_ast.image(alt, url, attributes=attr(pairs=pairs))]
    if value.embed and reading.in_book:
        return [pandoc_ast.link(inside, f"[[{url}]]", attributes=attr(classes=["embed"]))]
    if value.embed:
        reading.gone.note("include-ignored", "embedded file", reading.line + node.sourcepos.start.line - 1, f"![[{url}]]")
    if reported == url and "#" in url:
        page, _, part = url.partition("#")
        inside = words(" > ".join(one for one in (page, part.lstrip("^")) if one))
    if url.startswith("#") and not url.startswith("#^"):
        return [pandoc_ast.link(inside, url)]
    return [pandoc_ast.link(inside, f"[[{url}]]")] if reading.in_book else inside


def _emoji(reading: Reading, node: Node) -> list[Inline]:
    """`:smile:`; in `10:100:20` and `a:b:c` it is text."""
    value = node.node_value.value
    around = reading.before(node) + reading.behind(node)
    is_text = value.code.isdigit() or any(one == ":" or (one.isascii() and one.isalnum()) for one in around)
    return words(f":{value.code}:" if is_text else value.emoji)


def _math(reading: Reading, node: Node) -> list[Inline]:
    value = node.node_value.value
    form, tex = "DisplayMath" if value.display_math else "InlineMath", reading.verbatim(value.literal)
    if value.display_math and "\\\\" in tex and "\\begin" not in tex:  # MathJax and KaTeX break the line there
        name = "aligned" if "&" in tex else "gathered"
        tex = f"\\begin{{{name}}}{tex}\\end{{{name}}}"
    return [{"t": "Math", "c": [{"t": form}, tex]}]


def _comment(reading: Reading, node: Node) -> list[Inline]:
    line = reading.line + int(node.sourcepos.start.line) - 1
    reading.gone.note("comment-removed", "%%", line, reading.parsed.source(node))
    return []


INLINES: Mapping[str, Make] = {
    "Text": _text,
    "ShortCode": _emoji,
    "SoftBreak": lambda reading, _: [{"t": reading.line_end}],
    "LineBreak": lambda _, __: [{"t": "LineBreak"}],
    "Emph": _inside("Emph"),
    "Strong": _inside("Strong"),
    "Strikethrough": _inside("Strikeout"),
    "Underline": _inside("Underline"),
    "Superscript": _script,
    "Subscript": _script,
    "Insert": _marked,
    "Highlight": _marked,
    "Code": _code,
    "Link": _link,
    "Image": _image,
    "WikiLink": _wikilink,
    "Math": _math,
    "HtmlInline": lambda reading, node: [{"t": "RawInline", "c": ["html", reading.verbatim(node.node_value.value)]}],
    "CommentInline": _comment,
    "FootnoteReference": Reading.note,
    "Escaped": Reading.inlines,
    "TaskItem": lambda reading, node: [*words(task_mark(node)), *reading.inlines(node)],
}
