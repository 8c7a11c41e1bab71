"""Checks that the letters of an upload are in the document that was read from it.

Each reader's row has `passages`: the text of the upload by short rules of the format, without the parser
of the document. A passage that is in neither the blocks, nor the metadata, nor the data of notices is
missing, and the notice `text-missing` names its place. The rules leave out doubtful parts: a passage that is
not counted costs at most a warning, a false warning costs trust.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, NamedTuple
from xml.parsers import expat

from service.ast import pandoc_ast
from service.input import encoding
from service.model.blocks import Blocks, survey
from service.model.document import Conversion, Document, Notice
from service.model.notices import notice

FEW, SHARE = 3, 0.01  # letters, and of all letters, that may be missing without a warning
LONG = 100  # letters of one passage that always cause a warning if they are missing
SUSPECT = (0.004, 60)  # share of the letters, and letters, from which on the words are compared
WINDOW = 5_000  # letters beyond the last passage that was found: the next is nearly always there
MOST_SEARCHED = 50_000_000  # letters that passages out of order are searched in; beyond it they are compared by words
OTHERS = frozenset({"Code", "CodeBlock", "Math", "RawInline", "RawBlock"})
# Kinds of ASCII letters that are counted separately, each by a table of the bytes that do not belong to it.
KINDS = (
    b"eE", b"tTxX", b"aAqQ", b"oOjJ", b"iIzZ", b"nNkK", b"sSvV", b"hHfF", b"rRbB", b"lLpP", b"dDcC", b"uUmMwWgGyY", b"0123456789",
)  # fmt: skip
OUTSIDE = tuple(bytes(set(range(256)) - set(kind)) for kind in KINDS)
NOT_FIRST = bytes(range(0xC0))  # bytes that are ASCII, or not the first of a character
HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # each is a word: they have no blanks between them
WORD = re.compile(rf"[^\W_{HAN}]+|[{HAN}]")
NO_LETTERS = re.compile(r"[\W_]+")
COMBINING = re.compile("[\u0300-\u036f]")
# Marks of emphasis and invisible characters: they part no word.
JOINERS = str.maketrans("", "", "*_`~\u00ad\u200b\u200c\u200d\u2060\ufeff")
FORMATS = frozenset({"html", "html4", "html5"})  # raw pieces that are read later; others are dropped


class Passage(NamedTuple):
    """A line, a paragraph or a cell; `line` counts from 1 in the decoded upload, `part` is the file within a package."""

    text: str
    line: int | None = None
    part: str = ""


Passages = Callable[[Document, Conversion], Iterable[Passage]]


def checked(document: Document, conversion: Conversion, passages: Passages | None) -> Document:
    """`document` with the notice `text-missing` if more than a small share of the upload's text is missing."""
    given = list(passages(document, conversion)) if passages else []
    if not given or _has_enough(given, document):
        return document
    reported = _missing(given, document)
    return replace(document, notices=(*document.notices, reported)) if reported else document


def _has_enough(given: Sequence[Passage], document: Document) -> bool:
    """Whether the document has as many of each letter: a few milliseconds for a megabyte."""
    parts = [document.metadata.title, survey(document.blocks).words, _others(document.blocks), *_listed(document)]
    wanted, there = _tally("\n".join(each.text for each in given)), _tally("".join(parts))
    short = sum(max(0, want - have) for want, have in zip(wanted, there, strict=True))
    return short <= max(FEW, min(SUSPECT[0] * sum(wanted), SUSPECT[1]))


def _tally(text: str) -> list[int]:
    """The number of letters of each kind, and of characters beyond ASCII."""
    data = text.encode("utf-8", "replace")
    counts = [len(data.translate(None, outside)) for outside in OUTSIDE]
    beyond = 0 if text.isascii() else len(data.translate(None, NOT_FIRST))
    return [*counts, beyond]


def _others(blocks: Blocks) -> str:
    """The text that is in no Str: code, formulas, raw HTML."""
    nodes = pandoc_ast.query(blocks, OTHERS)
    return "".join(node["c"][1] for node in nodes if node["t"][:3] != "Raw" or node["c"][0] in FORMATS)


def _missing(given: Sequence[Passage], document: Document) -> Notice | None:
    raws = {node["c"][1]: "" for node in pandoc_ast.query(document.blocks, {"RawInline", "RawBlock"})}
    there = folded(pandoc_ast.text(document.blocks) if not raws else _without_raw(document.blocks))
    more = folded("\n".join([*_strings(asdict(document.metadata)), *_listed(document)]))
    found, apart = _partition(given, NO_LETTERS.sub("", there))
    spare = Counter(WORD.findall(there))
    spare.subtract(word for each in found for word in WORD.findall(folded(each.text)))
    spare = +spare + Counter(WORD.findall(more))
    lost = [(each, count) for each in apart if (count := _lacking(each, spare))]
    missing, total = sum(count for _, count in lost), sum(len(NO_LETTERS.sub("", folded(each.text))) for each in given)
    if not lost or (missing <= max(FEW, SHARE * total) and max(count for _, count in lost) < LONG):
        return None
    return _reported(missing, total, max(lost[:100], key=lambda one: one[1] >= len(NO_LETTERS.sub("", one[0].text)) / 2)[0])


def _without_raw(blocks: Blocks) -> str:
    """The text of the blocks without raw markup that no writer shows."""
    return pandoc_ast.text(
        pandoc_ast.walk(list(blocks), lambda node: None if node["t"][:3] == "Raw" and node["c"][0] not in FORMATS else node)
    )


def _partition(given: Sequence[Passage], there: str) -> tuple[list[Passage], list[Passage]]:
    """The passages whose letters are consecutive in `there`, and the others."""
    found: list[Passage] = []
    apart: list[Passage] = []
    cursor, searched = 0, 0
    for each in given:
        letters = NO_LETTERS.sub("", folded(each.text))
        if not letters:
            continue
        at = there.find(letters, cursor, cursor + WINDOW + len(letters))
        if at < 0 and searched < MOST_SEARCHED:
            searched += len(there)
            at = there.find(letters)
        if at >= 0:
            cursor = at + len(letters)
        (found if at >= 0 else apart).append(each)
    return found, apart


def _lacking(passage: Passage, spare: Counter[str]) -> int:
    """The number of letters of the passage's words that are missing; found ones are used up."""
    lacking = 0
    for word in WORD.findall(folded(passage.text)):
        if spare[word] > 0:
            spare[word] -= 1
        else:
            lacking += len(word)
    return lacking


def _reported(missing: int, total: int, first: Passage) -> Notice:
    shown = " ".join(first.text.split())[:200]
    place = f"line {first.line}" if first.line else "the upload"
    place += f" of {first.part}" if first.part else ""
    message = f"{missing:,} of {total:,} letters of the upload are not in the document; in {place}: “{shown[:80]}”."
    data = {"missing": missing, "letters": total, "passage": shown} | ({"part": first.part} if first.part else {})
    return notice("text-missing", message, stage="read", line=first.line, data=data)


def _listed(document: Document) -> Iterator[str]:
    """The text that the notices list as removed or replaced."""
    return _strings([dict(each.data) for each in document.notices])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def folded(text: str) -> str:
    """`text` with compatibility forms and accents folded, and without marks that part no word."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", COMBINING.sub("", unicodedata.normalize("NFKD", text)))
    return text.translate(JOINERS)


# What a reader's row is made of


def of_text(plain: Callable[[str], str], declared: Callable[[bytes], str] = encoding.cookie) -> Passages:
    """The lines of a text below its front matter. `plain` removes the markup and keeps every line end."""

    def passages(document: Document, conversion: Conversion) -> Iterator[Passage]:
        source, raw = document.source, document.source_front_matter
        text, _ = encoding.decode(source.data, conversion.charset or source.charset, declared(source.data))
        start = text.find(raw) + len(raw) if raw and raw in text else 0
        first = text.count("\n", 0, start) + 1
        for number, line in enumerate(plain(text[start:]).split("\n"), first):
            if line.strip():
                yield Passage(line, number)

    return passages


def without(text: str, *patterns: re.Pattern[str], by: str = " ") -> str:
    """`text` with what the patterns find replaced by `by` and its own line ends."""
    for pattern in patterns:
        text = pattern.sub(lambda found: by + "\n" * found.group().count("\n"), text)
    return text


def of_xml(
    data: bytes | str, part: str = "", skipped: Collection[str] = (), only: Collection[str] | None = None
) -> Iterator[Passage]:
    """The character data of an XML text, without that within the elements `skipped`; only that within `only`, if given.

    Names are local. Text after an error in the XML is not returned.
    """
    out: list[Passage] = []
    depth = inside = 0
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal depth, inside
        local = name.rpartition(":")[2]
        depth += depth > 0 or local in skipped
        inside += inside > 0 or (only is not None and local in only)

    def end(_: str) -> None:
        nonlocal depth, inside
        depth -= depth > 0
        inside -= inside > 0

    def characters(text: str) -> None:
        if not depth and (only is None or inside) and not text.isspace():
            out.append(Passage(text, parser.CurrentLineNumber - text.count("\n"), part))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    with contextlib.suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(data, True)
    yield from out
