"""The examples of the CommonMark and GFM specifications, read by our reader: `python -m bench.commonmark FOLDER`.

FOLDER holds the texts of the specifications, which are not part of the project: `commonmark.txt` is `spec.txt` of
github.com/commonmark/commonmark-spec, `gfm.txt` is `test/spec.txt` of github.com/github/cmark-gfm. Each example is
read as a whole upload in the dialect of that name, its AST is written as HTML, and both HTML texts are compared without
white space that means nothing. An example that differs is listed, unless it is a row of DEVIATIONS.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from schemas import options
from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.document import Source
from service.model.errors import EmptyDocument
from service.model.settings import Settings
from service.readers import READERS

EXAMPLE = re.compile(r"^`{32} example(?P<kind>[^\n]*)\n(?P<source>.*?)^\.\n(?P<html>.*?)^`{32}$", re.M | re.S)
# Examples that we read differently on purpose, by dialect and number (CommonMark 0.31.2, GFM 0.29), with the reason.
FENCES = "two lines of dashes at the start of an upload are an empty front matter"
BARE = "the example leaves GFM's own extension for bare addresses out, as only its other examples have it"
DEVIATIONS: Mapping[tuple[str, int], str] = {
    ("commonmark", 98): FENCES,
    ("gfm", 68): FENCES,
    ("gfm", 204): "cells beyond the head get columns of their own, for GFM drops their words",
    ("gfm", 610): BARE,
    ("gfm", 614): BARE,
    ("gfm", 616): BARE,
    ("gfm", 619): BARE,
    ("gfm", 620): BARE,
    ("gfm", 645): "CommonMark 0.31 takes two hyphens within a comment, GFM still stands on 0.29",
    ("gfm", 653): "raw HTML is parsed or dropped by a pass after reading, with a notice; no tag is shown as text",
}
BLOCK_TAGS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "table", "thead", "tbody", "tr", "th", "td",
    "hr", "div", "section", "aside", "br",
})  # fmt: skip
ALIGNMENTS = {"AlignLeft": "left", "AlignRight": "right", "AlignCenter": "center"}


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a specification: its number, its Markdown, and the HTML that the specification gives."""

    number: int
    source: str
    html: str


def examples(text: str) -> Iterator[Example]:
    """The examples of a specification's text, in which arrows represent tabs."""
    for number, found in enumerate(EXAMPLE.finditer(text), 1):
        yield Example(number, found["source"].replace("→", "\t"), found["html"].replace("→", "\t"))


# From the AST to HTML, as the specifications write it.


def blocks_html(blocks: Sequence[Node]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(node: Node) -> str:
    tag, content = node["t"], node.get("c", [])
    if tag in BLOCKS:
        opening, closing = BLOCKS[tag]
        return opening + inlines_html(content) + closing
    return WRITTEN[tag](content)


def _list(kind: str, items: Sequence[Sequence[Node]], start: int = 1) -> str:
    attributes = f' start="{start}"' if start != 1 else ""
    inside = "".join(f"<li>\n{blocks_html(item)}</li>\n" for item in items)
    return f"<{kind}{attributes}>\n{inside}</{kind}>\n"


def _code(content: list[Any]) -> str:
    (_, classes, _), text = content
    language = f' class="language-{escape(classes[0])}"' if classes else ""
    lines = f"{escape(str(text))}\n" if text else ""
    return f"<pre><code{language}>{lines}</code></pre>\n"


def _table(content: list[Any]) -> str:
    _, _, columns, (_, head), bodies, _ = content
    aligned = [ALIGNMENTS.get(column[0]["t"], "") for column in columns]
    body = [row for one in bodies for row in one[3]]
    parts = ["<thead>", *(_row(row, "th", aligned) for row in head), "</thead>"]
    if body:
        parts += ["<tbody>", *(_row(row, "td", aligned) for row in body), "</tbody>"]
    return f"<table>{''.join(parts)}</table>\n"


def _row(row: list[Any], tag: str, aligned: Sequence[str]) -> str:
    cells = []
    for cell, alignment in zip(row[1], aligned, strict=True):
        attribute = f' align="{alignment}"' if alignment else ""
        cells.append(f"<{tag}{attribute}>{blocks_html(cell[4])}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


BLOCKS: Mapping[str, tuple[str, str]] = {"Para": ("<p>", "</p>\n"), "Plain": ("", "\n")}
CHECKED: Mapping[str, str] = {"☐": '<input disabled="" type="checkbox">', "☒": '<input checked="" disabled="" type="checkbox">'}
WRITTEN: Mapping[str, Callable[..., str]] = {
    "Header": lambda content: f"<h{content[0]}>{inlines_html(content[2])}</h{content[0]}>\n",
    "BlockQuote": lambda content: f"<blockquote>\n{blocks_html(content)}</blockquote>\n",
    "BulletList": lambda content: _list("ul", content),
    "OrderedList": lambda content: _list("ol", content[1], content[0][0]),
    "CodeBlock": _code,
    "RawBlock": lambda content: f"{content[1]}\n",
    "HorizontalRule": lambda _: "<hr />\n",
    "Table": _table,
    "Div": lambda content: f"<div>{blocks_html(content[1])}</div>\n",
    # Inlines
    "Str": lambda content: CHECKED.get(content) or escape(content),
    "Space": lambda _: " ",
    "SoftBreak": lambda _: "\n",
    "LineBreak": lambda _: "<br />\n",
    "Emph": lambda content: f"<em>{inlines_html(content)}</em>",
    "Strong": lambda content: f"<strong>{inlines_html(content)}</strong>",
    "Strikeout": lambda content: f"<del>{inlines_html(content)}</del>",
    "Code": lambda content: f"<code>{escape(content[1])}</code>",
    "RawInline": lambda content: content[1],
    "Link": lambda content: f"<a href={_target(content[2])}>{inlines_html(content[1])}</a>",
    "Image": lambda content: f'<img src={_target(content[2])} alt="{escape(pandoc_ast.text(content[1]))}" />',
    "Math": lambda content: f'<span class="math">{escape(content[1])}</span>',
    "Note": lambda content: f"<aside>{blocks_html(content)}</aside>",
}


def inlines_html(inlines: Sequence[Node]) -> str:
    return "".join(WRITTEN[node["t"]](node.get("c")) for node in inlines)


def _target(target: Sequence[str]) -> str:
    url, title = target
    return f'"{escape(url)}"' + (f' title="{escape(title)}"' if title else "")


# Comparison


class _Tokens(HTMLParser):
    """HTML as a list of tags and texts: attributes in order, white space as one space, none next to a block's tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tokens: list[str] = []
        self.text = ""
        self.verbatim = 0

    def _tag(self, name: str, token: str) -> None:
        self._flush(at_block=name in BLOCK_TAGS)
        self.tokens.append(token)

    def _flush(self, *, at_block: bool) -> None:
        text, self.text = self.text, ""
        if not self.verbatim:
            text = re.sub(r"\s+", " ", text)
            begins = not self.tokens or re.match(r"</?(\w+)", self.tokens[-1])
            if begins is True or (begins and begins[1] in BLOCK_TAGS):
                text = text.lstrip()
            text = text.rstrip() if at_block else text
        if text:
            self.tokens.append(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = "".join(f" {name}={_address(value) if name in {'href', 'src'} else value!r}" for name, value in sorted(attrs))
        self._tag(tag, f"<{tag}{shown}>")
        self.verbatim += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.verbatim -= tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag, f"</{tag}>")
        self.verbatim -= tag == "pre"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += unescape(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")

    def unknown_decl(self, data: str) -> None:
        self._tag("", f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self._tag("", f"<?{data}>")

    def handle_decl(self, decl: str) -> None:
        self._tag("", f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self._tag("", f"<!--{data}-->")


def _address(value: str | None) -> str:
    """An address with its percent signs undone: the AST holds addresses as they are written."""
    return repr(unquote(value or ""))


def tokens(html: str) -> list[str]:
    parser = _Tokens()
    parser.feed(html)
    parser.close()
    parser._flush(at_block=True)
    return parser.tokens


def read(source: str, dialect: str, engines: Engines) -> str:
    """An example as a whole upload, as HTML."""
    try:
        document = READERS["markdown"].read(
            Source("example.md", source.encode()), options.defaults("pdf", dialect=dialect), engines
        )
    except EmptyDocument:
        return ""
    return blocks_html(document.blocks)


def differing(text: str, dialect: str, engines: Engines) -> tuple[int, list[tuple[Example, str]]]:
    """The number of the examples, and those that differ with the HTML that we make."""
    found: list[tuple[Example, str]] = []
    count = 0
    for example in examples(text):
        count += 1
        html = read(example.source, dialect, engines)
        if tokens(html) != tokens(example.html):
            found.append((example, html))
    return count, found


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.commonmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="folder with commonmark.txt, gfm.txt, or both")
    folder = parser.parse_args().folder
    settings = Settings()
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    for dialect in ("commonmark", "gfm"):
        path = folder / f"{dialect}.txt"
        if not path.exists():
            print(f"{dialect}: {path.name} is missing")
            continue
        count, found = differing(path.read_text(encoding="utf-8"), dialect, engines)
        meant = [one for one, _ in found if (dialect, one.number) in DEVIATIONS]
        wrong = [(one, html) for one, html in found if one not in meant]
        for example, html in wrong:
            print(f"--- {dialect} {example.number}\n{example.source}\n--- expected\n{example.html}\n--- ours\n{html}")
        for example in meant:
            print(f"{dialect} {example.number}: on purpose, {DEVIATIONS[dialect, example.number]}")
        right = count - len(found)
        share = f"{right} of {count} examples ({right / count:.1%})"
        print(f"{dialect}: {share}; {len(meant)} differ on purpose, {len(wrong)} are wrong")
    pandoc.close()


if __name__ == "__main__":
    main()
