"""The common parts of text readers: decoding, front matter, pandoc's blocks and metadata, and the document.

Front matter may be before any text. It wins over the metadata of the format, key by key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from schemas import metadata
from service.ast import pandoc_ast
from service.engines import Engines
from service.input import encoding, frontmatter
from service.input.frontmatter import FrontMatter, positions
from service.model.blocks import Blocks, deepest
from service.model.document import Asset, Conversion, Document, Notice, Source
from service.model.errors import EmptyDocument, InvalidDocument, Place, TooComplex, TooLarge
from service.model.notices import notice
from service.model.settings import Settings
from service.model.text import labels
from service.readers.shared import refusals
from service.readers.shared.placeholders import Placeholders

POSITION = re.compile(r"\(line (\d+), column (\d+)\)|\bchar (\d{1,9})$", re.M)
NOTED = ("title", "subtitle", "author", "date")
HEADING = pandoc_ast.attr("abstract", ["unnumbered"])


MAX_LINES = 1_000_000  # each costs every reader a little: five million empty ones took 20 s


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded upload: its body without the front matter, and the line of the upload that the body begins at."""

    front: FrontMatter
    notices: tuple[Notice, ...]

    @property
    def body(self) -> str:
        return self.front.body

    @property
    def line(self) -> int:
        return self.front.body_line


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of pandoc for a text: `meta` in plain values, and the pictures in the text."""

    meta: dict[str, Any]
    blocks: list[pandoc_ast.Node]
    media: Mapping[str, tuple[str, bytes]]
    abstract: Sequence[pandoc_ast.Node] = ()


def opened(source: Source, conversion: Conversion, engines: Engines, declared: str = "") -> Text:
    """`declared` is the charset that the text itself declares. Raises TooLarge, EmptyDocument and the errors of decoding."""
    data = limited(source.data, engines.settings)
    text, decoding = encoding.decode(data, conversion.charset or source.charset, declared or encoding.cookie(data))
    front = frontmatter.split(text, conversion.strict)
    if not front.raw and not front.body.strip():
        raise EmptyDocument()
    return Text(front, (*decoding, *front.notices))


def limited(data: bytes, settings: Settings) -> bytes:
    """The same bytes. Raises TooLarge for more than a text may have, TooComplex for too many lines."""
    limit = settings.max_text
    if len(data) > limit:
        raise TooLarge(f"The text has {len(data):,} bytes. The limit is {limit:,}.", extra={"limit": limit})
    if data.count(b"\n") > MAX_LINES:
        detail = f"Line {MAX_LINES + 1:,} is one more than a text may have."
        raise TooComplex(detail, places=[Place(detail, line=MAX_LINES + 1)], extra={"limit": MAX_LINES})
    return data


def parsed(text: str | bytes, format: str, engines: Engines, one: Placeholders | None = None, first_line: int = 1) -> Parsed:
    """`text` read by pandoc in its own sandbox, without the stand-ins of `one`. Raises TooComplex, InvalidDocument.

    A refusal names the line of the upload, in which `text` begins at `first_line`.
    """
    try:
        ast, media = engines.pandoc.read(text, format, {"standalone": True})
    except InvalidDocument as error:
        raise _placed(error, text, format, first_line) from error.__cause__
    if one is not None and one.given:
        ast = one.remove(ast.decode()).encode()
    blocks = pandoc_ast.loads(ast)
    refuse_depth(blocks)
    meta = orjson.loads(ast)["meta"]
    plain = {key: value(each) for key, each in meta.items()} | _notes(meta)
    return Parsed(plain, blocks, media, _blocks_of(meta.get("abstract")))


def _placed(error: InvalidDocument, text: str | bytes, format: str, first_line: int) -> InvalidDocument:
    """The refusal with the line that pandoc names. Its message is not shown, because it may quote paths."""
    found = POSITION.search(str(error.__cause__))
    if not found:
        return error
    whole = text if isinstance(text, str) else text.decode("utf-8", "replace")
    row, column = min(int(found[1] or 1), whole.rstrip("\n").count("\n") + 1), int(found[2] or 1)
    if found[3]:  # a place in the text, which its reader of AsciiDoc names
        before = whole[: int(found[3])]
        row, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    line, name = first_line - 1 + row, re.split(r"[-+]", format)[0]
    detail = f"Line {line} cannot be read as {name}."
    return InvalidDocument(detail, places=[Place(detail, line=line, column=column)])


def _notes(meta: Mapping[str, Any]) -> dict[str, list[str]]:
    """The notes of a title, a date or the names of authors, each under a key of its own: `title_notes`."""
    found = {key: list(pandoc_ast.query(meta[key].get("c") or [], {"Note"})) for key in NOTED if key in meta}
    return {f"{key}_notes": [paragraphs(each["c"]) for each in notes] for key, notes in found.items() if notes}


def _blocks_of(node: Mapping[str, Any] | None) -> list[pandoc_ast.Node]:
    """A meta value as blocks, for an abstract."""
    match node and node["t"]:
        case "MetaBlocks":
            return list(node["c"])  # type: ignore[index]
        case "MetaInlines":
            return [pandoc_ast.para(node["c"])]  # type: ignore[index]
        case "MetaString":
            return [pandoc_ast.para(pandoc_ast.words(node["c"]))]  # type: ignore[index]
        case _:
            return []


def with_abstract(
    blocks: Sequence[pandoc_ast.Node], abstract: Sequence[pandoc_ast.Node], lang: str = "", title: str = ""
) -> list[pandoc_ast.Node]:
    """The blocks with the article's own abstract before them, under `title` or its usual name, so that readers see it."""
    if not abstract:
        return list(blocks)
    first = next(iter(abstract))
    levels = [node["c"][0] for node in pandoc_ast.query(blocks, {"Header"})]
    titled = first["t"] == "Header" and pandoc_ast.text(first).strip().casefold() == labels.word("abstract", lang).casefold()
    heading = pandoc_ast.header(min(levels, default=1), pandoc_ast.words(title or labels.word("abstract", lang)), HEADING)
    return [pandoc_ast.div([*([] if titled else [heading]), *abstract], pandoc_ast.attr("", ["abstract"])), *blocks]


def refuse_depth(blocks: Sequence[pandoc_ast.Node]) -> None:
    """Before anything recurses. Raises TooComplex."""
    if pandoc_ast.depth(blocks) > pandoc_ast.MAX_DEPTH:
        extra = {"limit": pandoc_ast.MAX_DEPTH, refusals.PASSAGE: deepest(blocks)}
        raise TooComplex(f"The document nests more than {pandoc_ast.MAX_DEPTH} deep.", extra=extra)


def value(node: Mapping[str, Any]) -> Any:
    """One of pandoc's meta values as text, list or mapping."""
    content = node.get("c")
    match node["t"]:
        case "MetaMap":
            return {key: value(each) for key, each in (content or {}).items()}
        case "MetaList":
            return [value(each) for each in content or ()]
        case "MetaInlines":
            without = pandoc_ast.walk(content or [], lambda _: None, frozenset({"Note"}))
            return " ".join(pandoc_ast.text(without).split())
        case "MetaBlocks":
            return paragraphs(content or [])
        case _:
            return content


def paragraphs(blocks: Sequence[pandoc_ast.Node]) -> str:
    """The text of blocks, a blank line between them."""
    texts = (" ".join(pandoc_ast.text([block]).split()) for block in blocks)
    return "\n\n".join(filter(None, texts))


def merged(native: Mapping[str, Any], front: Mapping[str, Any]) -> dict[str, Any]:
    """Native metadata with the front matter on top. If both have a field, the front matter wins, with any key."""
    said = {field for key in front if (field := metadata.field_of(key))}
    kept = {key: each for key, each in native.items() if key not in front and metadata.field_of(key) not in said}
    return {key: each for key, each in kept.items() if each not in ("", [], {}, None)} | dict(front)


def document(
    source: Source,
    text: Text,
    native: Mapping[str, Any],
    blocks: Sequence[pandoc_ast.Node],
    notices: Sequence[Notice] = (),
    assets: Sequence[Asset] = (),
) -> Document:
    """The document unchanged: no pass has run yet."""
    record, doubts = metadata.load(merged(native, text.front.data))
    doubts = positions.placed(doubts, text.front.raw, text.front.line)
    if assets:
        source = Source(source.name, source.data, source.media_type, source.charset, (*source.assets, *assets))
    return Document(
        metadata=record,
        blocks=Blocks(blocks),
        source=source,
        source_front_matter=text.front.raw,
        notices=(*text.notices, *doubts, *notices),
    )


def not_read(found: Sequence[tuple[int, str]]) -> tuple[Notice, ...]:
    """Directives that would read another file: pairs of a line and the file's name."""
    return tuple(
        notice(
            "include-ignored",
            f"{name[:200]!r} is another file. It was not read.",
            stage="read",
            line=line,
            data={"file": name[:500]},
        )
        for line, name in found[:100]
    )
