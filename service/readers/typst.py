"""Typst: `#set document(…)` and the arguments of a template are its front matter; no package and no other file is read.

pandoc runs the language of Typst, which can loop: programs that may not end are refused. A template
(`#show: name.with(title: …)`) comes from a package. Its arguments are metadata, and the text below it is the article.
"""

from __future__ import annotations

import re
from typing import Any

from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.model.errors import Place, TooComplex
from service.readers.base import Reader
from service.readers.shared import letters, nesting
from service.readers.shared import text as texts

FORMAT = "typst"
IMPORT = re.compile(r"^[ \t]*#?(?:import|include)[ \t]+\"([^\"\n]*)\"[^\n]*$", re.M)
READS = re.compile(r"^[^\n]*#?\b(?:read|csv|json|yaml|toml|xml|bibliography|plugin)\(\s*\"([^\"\n]*)\"[^\n]*$", re.M)
# A quotation within a line: pandoc drops its attribution.
ATTRIBUTED = re.compile(r"#quote\((?=[^()]*\battribution\b)(?![^()]*\bblock\b)")
TEMPLATE = re.compile(r"^#show:[ \t]*(?:[\w.-]+\.with\(|[\w.-]+[ \t]*=>[ \t]*[\w.-]+\(|[\w.-]+[ \t]*$)", re.M)
DOCUMENT = re.compile(r"^#set[ \t]+(document|text)\(", re.M)
LOOP = re.compile(
    r"(?:[#{;][ \t]*|^[ \t]*)while\b[^\n{;#]*\{|\brange\([ \t]?(?:\d{1,9}[ \t]?,[ \t]?)?\d{5}"
    r"|\*[ \t]?\d{5}|(?<!\d)\d{5,20}[ \t]?\*"
    r"|\blorem\([ \t]?\d{5}|\b(?:columns|colspan|rowspan):[ \t]?\d{5}"
)
TOKEN = re.compile(r"\\.|[\"()\[\]{}]")
ARGUMENT = re.compile(r"(?:^|[,(\s])(?P<key>[a-z][\w-]*):\s*(?P<value>\"(?:[^\"\\\n]|\\.)*\"|\[[^\[\]]*\]|[\w.%-]+|\()")
NAME = re.compile(r"\bname:\s*(?:\"((?:[^\"\\\n]|\\.)*)\"|\[([^\[\]]*)\])|(?:^|[(,])\s*\"((?:[^\"\\\n]|\\.)*)\"")
FIELDS = {"title": "title", "subtitle": "subtitle", "abstract": "abstract", "lang": "lang", "date": "date", "doi": "doi",
          "description": "description"}  # fmt: skip
MOST_NESTED = 60
COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.S)
CODE = re.compile(r"#[^\n]*|\$[^$]*\$|@[\w:.-]+|<[\w:.-]+>|```.*?(?:```|\Z)", re.S)
ADDRESS = re.compile(r"https?://\S+")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    check(text.body, text.line)
    body, reported = _without_files(text.body, text.line)
    body, given = _without_template(ATTRIBUTED.sub("#quote(block: true, ", body))
    found = texts.parsed(body + "\n", FORMAT, engines, None, text.line)
    said = {key: value for key, value in found.meta.items() if value} | given | _language(text.body)
    return texts.document(source, text, said, found.blocks, reported)


def check(text: str, first_line: int) -> None:
    """Raises TooComplex with the line for programs that may not end, and for nesting."""
    depth = 0
    for number, line in enumerate(text.split("\n"), first_line):
        if LOOP.search(line):
            detail = f"Line {number} has a loop or a repetition that may not end. Write out its result."
            raise TooComplex(detail, places=[Place(detail, line=number)])
        for char in line:
            depth = depth + 1 if char in "[({" else max(0, depth - 1) if char in "])}" else depth
            nesting.refuse(depth, MOST_NESTED, number, "brackets in one another")
    nesting.refuse_indentation(text, first_line)


def _without_files(text: str, first_line: int) -> tuple[str, tuple[Notice, ...]]:
    named: list[tuple[int, str]] = []

    def blank(found: re.Match[str]) -> str:
        named.append((first_line + text.count("\n", 0, found.start()), found[1]))
        return ""

    for pattern in (IMPORT, READS):
        text = pattern.sub(blank, text)
    return text, texts.not_read(sorted(named))


def _without_template(text: str) -> tuple[str, dict[str, Any]]:
    """The text without its template, and the metadata among the arguments."""
    found = TEMPLATE.search(text)
    if not found:
        return text, {}
    end = _end(text, found.end()) if found.group().endswith("(") else found.end()
    return text[: found.start()] + "\n" * text.count("\n", found.start(), end) + text[end:], _arguments(text[found.end() : end])


def _end(text: str, start: int) -> int:
    """The end of the bracket that opens before `start`, without strings; `start` if it is not closed."""
    depth, is_string = 1, False
    for token in TOKEN.finditer(text, start, start + 50_000):
        mark = token[0]
        if mark == '"':
            is_string = not is_string
        elif not is_string:
            depth += (mark in "([{") - (mark in ")]}")
        if not depth:
            return token.end()
    return start


def _arguments(text: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for found in ARGUMENT.finditer(text):
        key, value = found["key"], found["value"]
        if key in FIELDS and value != "(":
            said.setdefault(FIELDS[key], " ".join(value.strip('"[]').split()))
        elif key in ("authors", "author", "keywords", "index-terms"):
            inner = text[found.end() : _end(text, found.end())] if value == "(" else value
            names = [next(filter(None, each)) for each in NAME.findall(f"({inner}") if any(each)]
            if not names and key == "keywords":  # pandoc's template writes them bare
                names = [word.strip() for word in inner.strip("()[] \n").split(",") if word.strip()]
            said.setdefault("keywords" if key in ("keywords", "index-terms") else "authors", names or [value.strip('"[]')])
    return said


def _language(text: str) -> dict[str, Any]:
    for found in DOCUMENT.finditer(text):
        if found[1] == "text" and (lang := _arguments(text[found.end() : _end(text, found.end())]).get("lang")):
            return {"lang": lang}
    return {}


def plain(text: str) -> str:
    """The text of the lines without programs."""
    text = _without_template(text)[0]
    for found in reversed(list(DOCUMENT.finditer(text))):
        end = _end(text, found.end())
        text = text[: found.start()] + "\n" * text.count("\n", found.start(), end) + text[end:]
    return letters.without(text, COMMENT, CODE, ADDRESS)


READER = Reader("typst", read, passages=letters.of_text(plain))
