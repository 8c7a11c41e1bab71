"""Site code: shortcodes, Liquid and MDX in a text of Markdown. Known tags become structure, others are removed with a notice.

Start at `change`. A tag is known if its name has a row in `known`. Tags are searched only outside of code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from service.ast.pandoc_ast import para
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading
from service.readers.markdown.site_code import components, known, liquid, shortcodes, variables
from service.readers.markdown.site_code.tags import Tag, paired, parsed
from service.readers.markdown.text import words

MARKS = ("{{", "{%", "{/*", "{frontmatter.", "{frontMatter.", "{metadata.", "{props.", "{page.", "import ", "export ", "</", "/>")
MOST = 20_000  # tags of one text
# Names that may be HTML as well, in a text that may not be MDX.
HTML = {
    "x", "code", "math", "link", "details", "video", "audio", "embed", "script", "style", "img", "figure", "blockquote",
    "iframe", "picture", "image", "comment", "quote", "raw", "summary", "check", "done", "error", "question", "schema",
}  # fmt: skip
COMPONENTS = frozenset({*known.PAIRS, *known.EMPTY, "badge"}) - HTML
LONGEST_ADDRESS = 500
IN_ADDRESS = re.compile(r"\]\([^\s()]*\Z|[A-Za-z]=[\"'][^\"'<>]*\Z")  # what stands before a part of an address
Cut = tuple[int, int, str]


def may_be_in(text: str) -> bool:
    return any(mark in text for mark in MARKS)


def change(text: Text, *, is_mdx: bool = False) -> None:
    """Replaces each known tag by a stand-in, and removes the others."""
    text.cut(sorted(_Cuts(text).all(is_mdx=is_mdx), key=lambda cut: cut[0]))


class _Cuts:
    """The cuts of one text, with their replacements."""

    def __init__(self, text: Text) -> None:
        self.text, self.bare, self.masks = text.text, text.bare, text.masks
        self.gone, self.line = text.gone, text.line
        self.data = text.data
        self.names: dict[str, str] = {}  # what files are imported as

    def all(self, *, is_mdx: bool) -> Iterator[Cut]:
        for start, stop in components.comments(self.bare):
            self.note("comment-removed", "{/* */}", start, stop)
            yield start, stop, ""
        statements = list(components.statements(self.bare))
        is_mdx = is_mdx or bool(statements) or "<script setup" in self.bare
        files = (components.imported(self.text[start:stop]) for start, stop, _ in statements)
        self.names = dict(filter(None, files))
        for start, stop, kind in statements:
            self.note("site-code-removed", kind, start, stop)
            yield start, stop, ""
        known_ones = paired(list(components.found(self.bare, COMPONENTS, is_mdx)))
        if not is_mdx and any(tag.match >= 0 for tag in known_ones):
            is_mdx = True
        found = [
            *shortcodes.found(self.bare),
            *liquid.found(self.bare, self.data),
            *components.found(self.bare, COMPONENTS, is_mdx),
        ]
        tags = paired(sorted(found, key=lambda tag: tag.start)[:MOST])
        for expression in variables.EXPRESSION.finditer(self.bare):
            tag = Tag(*expression.span(), "expression", "empty", "variable", expression["path"])
            if is_mdx or variables.value(self.data, tag.arguments):
                yield tag.start, tag.stop, self.variable(tag, tag.arguments)
        if is_mdx:
            yield from components.html_tags(self.bare, self.names)
            for start, stop in components.expressions(self.bare):
                self.note("site-code-removed", "expression", start, stop)
                yield start, stop, ""
        yield from self.tags(tags)

    def tags(self, tags: list[Tag]) -> Iterator[Cut]:
        behind = 0
        for tag in tags:
            if tag.start < behind:
                continue
            closing = tags[tag.match] if tag.match >= 0 else None
            if closing and self._is_block(tag, closing):
                behind = closing.stop
                yield tag.start, behind, self.pair(tag, closing)
            else:
                yield tag.start, tag.stop, self.alone(tag)

    def pair(self, tag: Tag, closing: Tag) -> str:
        if tag.name == "comment":
            self.note("comment-removed", tag.syntax, tag.start, closing.stop)
        elif tag.name not in known.PAIRS:
            self.note("site-code-removed", tag.syntax, tag.start, tag.stop)
        body = known.Body(self._body(tag.stop, closing.start), self._number(tag.stop))
        make = partial(_pair, known.PAIRS.get(tag.name, known.bare), self.parsed(tag), body)
        return self.masks.stand_in(make, self.text[tag.start : closing.stop])

    def alone(self, tag: Tag) -> str:
        """The replacement of a tag without a body, and of one whose body is part of a line."""
        given = self.parsed(tag)
        if tag.name == "variable" or (tag.name in variables.SHORTCODES and tag.syntax == "shortcode"):
            return self.variable(tag, tag.arguments if tag.name == "variable" else given.argument("0"))
        if tag.form == "empty" and tag.name in known.INLINE:
            shown = known.INLINE[tag.name](given)
            if not shown:
                self.note("site-code-removed", tag.syntax, tag.start, tag.stop)
            return shown
        if tag.form == "empty" and self._is_address(tag) and (address := given.argument("path", "src", "url", "0")):
            return address
        make = known.EMPTY.get(tag.name) or (known.link if given.argument(*known.LINKS).startswith("http") else None)
        if tag.form == "empty" and make and tag.name not in known.SILENT | known.FILES:
            return self.masks.stand_in(partial(_alone, make, given), self.text[tag.start : tag.stop])
        if tag.name in known.FILES:
            self.note("include-ignored", tag.syntax, tag.start, tag.stop)
        elif tag.form != "close":
            keeps = tag.form == "open" or tag.name in known.SILENT
            self.note("site-code-removed" if keeps else "site-code-unknown", tag.syntax, tag.start, tag.stop)
        return ""

    def variable(self, tag: Tag, path: str) -> str:
        """The value of a key of the front matter; nothing, with a notice, for what the upload does not have."""
        shown = variables.value(self.data, path)
        if not shown:
            self.note("site-code-removed", tag.syntax, tag.start, tag.stop)
            return ""
        line = self.text[max(0, tag.start - LONGEST_ADDRESS) : tag.start].rpartition("\n")[2]
        if self._is_address(tag) or IN_ADDRESS.search(line):
            return shown
        return self.masks.stand_in(lambda _: [para(words(shown))], self.text[tag.start : tag.stop])

    def note(self, code: str, kind: str, start: int, stop: int) -> None:
        self.gone.note(code, kind, self.line + self._number(start) - 1, self.masks.verbatim(self.text[start:stop]))

    def parsed(self, tag: Tag) -> Tag:
        """The tag with its arguments, with the code of the text."""
        start = self.bare.find(tag.arguments, tag.start) if "\0" in tag.arguments else -1
        if start >= 0:
            tag = replace(tag, arguments=self.text[start : start + len(tag.arguments)])
        return parsed(tag, self.names)

    def _is_address(self, tag: Tag) -> bool:
        """Whether the tag is at the start of an address: of a link, a definition or an attribute."""
        before = self.text[max(0, tag.start - 2) : tag.start]
        return before in {"](", "(<", "]:"} or before in {'="', "='"} or before == ": "

    def _number(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1

    def _is_block(self, tag: Tag, closing: Tag) -> bool:
        """Whether the pair begins a line and ends a line; else it is part of a sentence."""
        begin = self.text.rfind("\n", 0, tag.start) + 1
        end = self.text.find("\n", closing.stop)
        return not self.text[begin : tag.start].strip(" \t>") and not self.text[closing.stop : end if end >= 0 else None].strip()

    def _body(self, start: int, stop: int) -> str:
        """The text between the tags, without the marks of quotations before its lines."""
        begin = self.text.rfind("\n", 0, start) + 1
        depth = self.text[begin:start].split("{")[0].split("<")[0].count(">")
        body = self.text[start:stop]
        if not depth:
            return body
        first, *lines = body.split("\n")
        return "\n".join([first, *(_unquoted(line, depth) for line in lines)])


def _unquoted(line: str, depth: int) -> str:
    for _ in range(depth):
        line = line.lstrip(" ").removeprefix(">").removeprefix(" ")
    return line


def _pair(make: known.Pair, tag: Tag, body: known.Body, reading: Reading) -> list[Block]:
    return make(reading, tag, body)


def _alone(make: known.Empty, tag: Tag, reading: Reading) -> list[Block]:
    return make(reading, tag)
