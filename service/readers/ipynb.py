"""Jupyter notebooks: text in Markdown, code, and outputs in the richest form that a book can show.

The cells' Markdown is read as any article's, with the same lint: the table of readers passes the Markdown reader, because
readers do not import each other. Embedded pictures are used. Nothing is run.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.ast import html as html_ast
from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node
from service.engines import Engines
from service.input.frontmatter import FrontMatter
from service.model.document import Asset, Conversion, Document, Source
from service.model.errors import EmptyDocument, InvalidDocument, InvalidJson, Place, TooComplex
from service.model.notices import notice
from service.model.text import strict_json
from service.model.text.characters import CONTROLS
from service.readers.base import Reader
from service.readers.shared import letters
from service.readers.shared import text as texts

MAX_CELLS = 5_000
HEAD = re.compile(rb'\s*+\{.*"(?:nbformat|cells|nbformat_minor)"\s*:', re.S)
ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Colours, moves and links of a terminal (ECMA-48, 5.4; OSC 8).
TERMINAL = re.compile(r"\x1b(?:\[[0-9;:?]{0,40}[A-Za-z]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|[()][A-Z0-9])")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
Blocks = Callable[..., Sequence[Node]]


@dataclass
class Notebook:
    """The state while the cells are read."""

    markdown: Callable[[str], Sequence[Node]]
    language: str = ""
    assets: dict[str, Asset] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def reader(markdown: Blocks, plain: Callable[[str], str]) -> Reader:
    """`markdown` reads a text without front matter: (text, conversion, engines) → blocks; `plain` removes its markup."""
    return Reader(
        "ipynb",
        functools.partial(_read, markdown),
        matches=lambda data: HEAD.match(data[:200_000]) is not None and b'"nbformat"' in data,
        passages=functools.partial(_passages, plain),
    )


def _read(markdown: Blocks, source: Source, conversion: Conversion, engines: Engines) -> Document:
    if not source.data.strip():
        raise EmptyDocument()
    data = _loaded(source.data)
    cells = _cells(data)
    if not cells:
        line = source.data.count(b"\n", 0, max(0, source.data.find(b'"cells"'))) + 1
        raise EmptyDocument("The notebook has no cells.", places=[Place("no cells", line=line)])
    if len(cells) > MAX_CELLS:
        raise TooComplex(f"The notebook has more than {MAX_CELLS:,} cells.", extra={"limit": MAX_CELLS})
    said = _said(_dict(data.get("metadata")))
    book = Notebook(lambda body: markdown(body, conversion, engines), str(said.get("kernel_language", "")))
    blocks = [block for cell in cells for block in _cell(_dict(cell), book)]
    texts.refuse_depth(blocks)
    reported = [notice("output-dropped", stage="read", data={"dropped": book.dropped[:50]})] if book.dropped else []
    return texts.document(source, texts.Text(FrontMatter(), ()), said, blocks, reported, tuple(book.assets.values()))


def _passages(plain: Callable[[str], str], document: Document, _: Conversion) -> Iterator[letters.Passage]:
    """The text of the cells, by their number; without outputs."""
    data = _loaded(document.source.data)
    for number, each in enumerate(map(_dict, _cells(data)), 1):
        text = _text(each.get("source", each.get("input")))
        lines = (text if each.get("cell_type") == "code" else plain(text)).split("\n")
        yield from (letters.Passage(line, part=f"cell {number}") for line in lines if line.strip())


def _cells(data: Mapping[str, Any]) -> list[Any]:
    sheets = _list(data.get("worksheets"))
    return _list(data.get("cells")) or [cell for sheet in sheets for cell in _list(_dict(sheet).get("cells"))]


def _loaded(data: bytes) -> dict[str, Any]:
    """The JSON, in UTF-8 as its format wants; it is not text before which front matter could stand."""
    try:
        return strict_json.loads_object(data.decode("utf-8-sig"), "The notebook")
    except InvalidJson as error:
        raise InvalidDocument(error.detail, places=error.places or [Place(error.detail, line=1)]) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        detail = f"The notebook is not UTF-8: line {line} has a byte of another encoding."
        raise InvalidDocument(detail, places=[Place(detail, line=line)]) from error


def _said(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook's own keys; of the kernel the language of the code, not how to start it."""
    kernel, language = _dict(metadata.get("kernelspec")), _dict(metadata.get("language_info"))
    names = {"kernel": kernel.get("display_name"), "kernel_language": language.get("name") or kernel.get("language")}
    apart = {"kernelspec", "language_info", "widgets", "toc", "colab", "orig_nbformat", "nbformat", "celltoolbar", "vscode"}
    said = {key: value for key, value in metadata.items() if key not in apart and isinstance(value, (str, int, float, list))}
    said = {key: _text(value) if isinstance(value, str) else value for key, value in said.items()}
    return said | {key: value for key, value in names.items() if isinstance(value, str)}


def _level(value: Any) -> int:
    """The level of a heading of nbformat 3; 1 if it is not a number."""
    return int(min(6, max(1, value))) if isinstance(value, (int, float)) else 1


def _cell(cell: Mapping[str, Any], book: Notebook) -> Iterator[Node]:
    source, kind = _text(cell.get("source", cell.get("input"))), cell.get("cell_type")
    if kind == "heading":
        source, kind = "#" * _level(cell.get("level")) + " " + source, "markdown"
    if kind == "markdown":
        named = {f"attachment:{name}": _asset(_dict(each), book) for name, each in _dict(cell.get("attachments")).items()}
        yield from pandoc_ast.walk(book.markdown(source), lambda node: _attached(node, named))
    elif kind == "code":
        if source.strip():
            yield {
                "t": "CodeBlock",
                "c": [["", [book.language] if re.fullmatch(r"[\w+-]{1,40}", book.language) else [], []], source],
            }
        for output in _list(cell.get("outputs")):
            yield from _output(_dict(output), book)
    elif source.strip():
        yield {"t": "CodeBlock", "c": [["", [], []], source]}


def _attached(node: Node, named: Mapping[str, str]) -> Node:
    if node["t"] != "Image" or node["c"][2][0] not in named:
        return node
    attributes, alt, (url, title) = node["c"]
    return pandoc_ast.image(alt, named[url], title, attributes)


def _output(output: Mapping[str, Any], book: Notebook) -> Iterator[Node]:
    kind = output.get("output_type")
    if kind == "stream":
        yield from _plain(_text(output.get("text")))
    elif kind in ("error", "pyerr"):
        lines = [str(line) for line in _list(output.get("traceback"))] or [f"{output.get('ename')}: {output.get('evalue')}"]
        yield from _plain("\n".join(lines))
    else:
        data = output.get("data")
        yield from _richest(_dict(data) if isinstance(data, dict) else _old(output), book)


def _old(output: Mapping[str, Any]) -> dict[str, Any]:
    """In nbformat 3 the forms are next to each other, with short names."""
    names = {
        "png": "image/png",
        "jpeg": "image/jpeg",
        "svg": "image/svg+xml",
        "html": "text/html",
        "latex": "text/latex",
        "text": "text/plain",
    }
    return {names[key]: value for key, value in output.items() if key in names}


def _richest(data: Mapping[str, Any], book: Notebook) -> Iterator[Node]:
    if name := _asset(data, book):
        yield pandoc_ast.para([pandoc_ast.image([], name)])
    elif html := _text(data.get("text/html")):
        converter = html_ast.Converter()
        yield from converter.blocks(html)
        book.dropped += [f"<{tag}>" for tag, *_ in converter.dropped if tag != "style"]
    elif markdown := _text(data.get("text/markdown")):
        yield from book.markdown(markdown)
    elif latex := _text(data.get("text/latex")):
        formula = latex.strip().strip("$").removeprefix(r"\displaystyle").strip()
        yield pandoc_ast.para([{"t": "Math", "c": [{"t": "DisplayMath"}, formula]}])
    elif plain := _text(data.get("text/plain")):
        yield from _plain(plain)
    else:
        book.dropped += [str(each)[:80] for each in data]


def _plain(text: str) -> Iterator[Node]:
    text = TERMINAL.sub("", text)
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))  # a progress bar overwrites its line
    if shown := ESCAPE.sub("", "\n".join(lines)).rstrip("\n"):
        yield {"t": "CodeBlock", "c": [["", ["output"], []], shown]}


def _asset(data: Mapping[str, Any], book: Notebook) -> str:
    """The name of the picture that is in `data` by its media type, or an empty text."""
    for kind in PICTURES:
        held = _text(data.get(kind))
        if not held:
            continue
        try:
            raw = held.encode() if kind.endswith("+xml") else base64.b64decode("".join(held.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        name = f"output/{hashlib.sha256(raw).hexdigest()[:16]}"
        book.assets[name] = Asset(name, raw, kind)
        return name
    return ""


def _text(value: Any) -> str:
    """A text, or a list of its lines, without characters that text cannot contain."""
    text = value if isinstance(value, str) else "".join(each for each in _list(value) if isinstance(each, str))
    if "\x1b" in text:
        text = TERMINAL.sub("", text)
    return CONTROLS.sub("", text.replace("\0", ""))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
