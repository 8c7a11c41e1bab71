"""reStructuredText: the bibliographic fields at its top are its front matter.

They are read and removed here, because pandoc keeps only one of several `:Author:`; pandoc promotes the title. Directives that
would read files are removed, each with a notice.
"""

from __future__ import annotations

import re
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.readers.base import Reader
from service.readers.shared import letters, nesting
from service.readers.shared import text as texts
from service.readers.shared.placeholders import Placeholders

MAX_TICKS = 400  # unclosed backticks in a paragraph: pandoc takes quadratic time for them
MAX_TARGETS = 200  # names of one place: pandoc takes quadratic time for consecutive ones
MAX_LISTS = 60  # on one line
MAX_BORDERS = 40  # lines of = that begin a table without an end before a blank line: pandoc tries the rest of the text
FORMAT = "rst-smart"
FIELD = re.compile(r":((?>(?:\\.|[^:\\\n`])+)):(?:[ \t]++(.*)|$)")
LINE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*$")
MARKS = re.compile(r"([!-/:-@\[-`{-~])\1*")
CODE_CAPTION_OPTION = re.compile(r"[ \t]++:caption:[ \t]*+(\S.*)")
CAPTIONED = re.compile(r"[ \t]*+\.\. (?:code|code-block|sourcecode|toctree)::")
DIRECTIVE_OPTION_LINE = re.compile(r"[ \t]++:[\w-]++:")
MOST_OPTIONS = 20  # of a directive
LISTS = re.compile(rf"(?:(?:[-*+]|[#\w]{{1,4}}[.)])[ \t]++){{{MAX_LISTS}}}")
BORDER = re.compile(r"[ \t*+-]*+=[= ]*+")
KEYWORD = re.compile(r"\$\w++:(.*)\$$")
INCLUDE = re.compile(r"^[ \t]*\.\. (?:include|literalinclude)::[ \t]*(\S.*)$")
FROM_FILE = re.compile(r"^[ \t]+:(?:file|url):[ \t]*(\S.*)$")
LISTED = re.compile(r"(?m)^[-*+][ \t]+")
TICKS = re.compile(r"(?<![\w`\\])`(?=[^\s`])|(?<=[^\s`])`(?!`)")
PEOPLE = frozenset({"author", "authors"})


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    check(text.body, text.line)
    said, lines, begin = _docinfo(text.body)
    body, reported = _without_files("\n".join(lines), text.line)
    body, mark = _divided(_captioned(body), begin)
    found = texts.parsed(body + "\n", FORMAT, engines, first_line=text.line - (2 if mark else 0))
    abstract = found.abstract
    if said.get("abstract"):
        abstract = texts.parsed(str(said["abstract"]) + "\n", FORMAT, engines).blocks
        said["abstract"] = texts.paragraphs(abstract)
    own = [block for block in found.blocks if not mark or pandoc_ast.text([block]).strip() != mark]
    own = pandoc_ast.walk(own, _titled, {"Div"})
    blocks = texts.with_abstract(own, abstract, str(said.get("lang", "")))
    return texts.document(source, text, {**found.meta, **said}, blocks, reported)


def _titled(node: pandoc_ast.Node) -> pandoc_ast.Node:
    """`.. admonition:: Title` in pandoc's shape of admonitions with a known name."""
    attributes, blocks = node["c"]
    if attributes[1][:1] != ["admonition"] or not blocks or blocks[0]["t"] != "Para":
        return node
    title = pandoc_ast.div([blocks[0]], pandoc_ast.attr(classes=["title"]))
    return pandoc_ast.div([title, *blocks[1:]], [attributes[0], ["note", *attributes[1][1:]], attributes[2]])


def check(text: str, first_line: int) -> None:
    """Raises TooComplex with the line at fault."""
    nesting.refuse_indentation(text, first_line)
    _check_borders(text, first_line)
    opened = targets = 0
    for number, line in enumerate(text.split("\n"), first_line):
        nesting.refuse(MAX_LISTS if LISTS.match(line.lstrip()) else 0, MAX_LISTS - 1, number, "lists in one another")
        is_target = line.lstrip(" \t").startswith(".. _") and line.rstrip(" \t").endswith(":")
        targets = targets + 1 if is_target else targets * (not line.strip())
        nesting.refuse(targets, MAX_TARGETS, number, "names for one place")
        if not line.strip():
            opened = 0
        elif "`" in line:
            marks = TICKS.findall(line)
            opened += len(marks) % 2 if len(marks) < 4 else abs(2 * len(re.findall(r"(?<!\S)`", line)) - len(marks))
            nesting.refuse(opened, MAX_TICKS, number, "backticks left open in one paragraph")


def _check_borders(text: str, first_line: int) -> None:
    begins: bool | None = None
    lonely = borders = 0
    for number, line in enumerate([*text.split("\n"), ""], first_line):
        if line.strip():
            is_border = BORDER.fullmatch(line.rstrip()) is not None
            begins = is_border if begins is None else begins
            borders += is_border
        else:
            lonely += bool(begins) and borders == 1
            nesting.refuse(lonely, MAX_BORDERS, number - 1, "tables that do not end")
            begins, borders = None, 0


def _divided(text: str, begin: int) -> tuple[str, str]:
    """The text with a mark before a definition list at its start, which pandoc would read as fields; the mark, or empty.

    The mark is a paragraph of two lines, `begin` the number of the first line below the title and the fields.
    """
    lines = text.split("\n")
    at = next((at for at in range(begin, len(lines)) if lines[at].strip()), len(lines))
    if at + 1 >= len(lines) or lines[at][:1] in " \t." or lines[at + 1][:1] not in (" ", "\t") or not lines[at + 1].strip():
        return text, ""
    mark = Placeholders(text).of("")
    return "\n".join([*lines[:at], mark, "", *lines[at:]]), mark


def _captioned(text: str) -> str:
    """The text with the caption of a block of code or of a list of pages as a line before it, because pandoc drops it."""
    lines = text.split("\n")
    moved: set[int] = set()
    for at, line in enumerate(lines):
        if (found := CODE_CAPTION_OPTION.match(line)) and (opened := _directive(lines, at)) is not None:
            indent = lines[opened][: len(lines[opened]) - len(lines[opened].lstrip())]
            moved.add(at)
            lines[opened] = f"{indent}.. rubric:: {found[1].strip()}\n\n{lines[opened]}"
    return "\n".join(line for at, line in enumerate(lines) if at not in moved)


def _directive(lines: list[str], option: int) -> int | None:
    """The line of the directive of an option, if it is one of CAPTIONED."""
    at = option - 1
    while at >= 0 and at > option - MOST_OPTIONS and DIRECTIVE_OPTION_LINE.match(lines[at]):
        at -= 1
    return at if at >= 0 and CAPTIONED.match(lines[at]) else None


def _docinfo(text: str) -> tuple[dict[str, Any], list[str], int]:
    """The fields at the top, below the title; the lines, blank in their place; and the number of the line after them."""
    lines = text.split("\n")
    start = _first_field(lines)
    said: dict[str, Any] = {}
    people: list[str] = []
    at = start
    while at < len(lines) and (found := FIELD.match(lines[at])):
        end = at + 1
        while end < len(lines) and (lines[end][:1] in (" ", "\t") or (not lines[end].strip() and _goes_on(lines, end))):
            end += 1
        key = found[1].strip().lower()
        value = _value([found[2] or "", *lines[at + 1 : end]])
        if key in PEOPLE:
            people += _people(value)
        elif value:
            said.setdefault(key, value)
        at = end
    return said | ({"authors": people} if people else {}), [*lines[:start], *[""] * (at - start), *lines[at:]], at


def _first_field(lines: list[str]) -> int:
    """The start of the fields or the text: after blank lines, comments, and titles with their lines."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if FIELD.match(line):
            return at
        if not line.strip() or LINE.match(line) or line.startswith((".. ", "   ")):
            at += 1
        elif at + 1 < len(lines) and (LINE.match(lines[at + 1]) or _is_short_title(line, lines[at + 1])):
            at += 2
        else:
            return at
    return len(lines)


def _is_short_title(line: str, below: str) -> bool:
    """Whether a title of one or two letters has a line of their length below it."""
    marks = below.rstrip()
    return len(line.rstrip()) <= len(marks) and MARKS.fullmatch(marks) is not None


def _goes_on(lines: list[str], blank: int) -> bool:
    """Whether the field's text continues after a blank line: the next line is indented."""
    following = next((line for line in lines[blank:] if line.strip()), "")
    return following[:1] in (" ", "\t")


def _value(lines: list[str]) -> str:
    """A field's text, with its paragraphs; `$Date: 2024-11-21 $` is filled in by version control."""
    parts = "\n".join(line.strip() for line in lines).strip().split("\n\n")
    joined = "\n\n".join(part if LISTED.match(part) else " ".join(part.split()) for part in parts if part.strip())
    found = KEYWORD.match(joined)
    return found[1].strip() if found else joined


def _people(value: str) -> list[str]:
    """A list, or names with semicolons. Text with commas may be "Vogt, Ada", so it is not divided as in docutils."""
    if LISTED.match(value):
        return [part.strip() for part in LISTED.split(value) if part.strip()]
    return [part.strip() for part in value.split(";") if part.strip()]


def _without_files(text: str, first_line: int) -> tuple[str, tuple[Notice, ...]]:
    """The text without lines that include a file: in its sandbox pandoc would refuse the whole text."""
    lines = text.split("\n")
    named: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        if (found := INCLUDE.match(line)) or (found := FROM_FILE.match(line)):
            named.append((first_line + at, found[1].strip()))
            lines[at] = ""
    return "\n".join(lines), texts.not_read(named)


# Lines without text: comments, settings of directives, targets, lines below titles.
DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:[\w:-]+::|_[^\n:]+:|\|[^|\n]+\|).*$|^[ \t]+:[\w-]+:.*$|^[ \t]*\.\.(?:[ \t].*)?$", re.M)
HIDDEN = re.compile(
    r"^([ \t]*)\.\. (?:\|[^|\n]+\| )?(?:raw|math|image|figure|csv-table|toctree|index|only|highlight|auto\w+"
    r"|currentmodule|module|meta|tabularcolumns|code\w*|sourcecode|parsed-literal|list-table|replace|productionlist|default-role"
    r"|graphviz|contents|bibliography|plot|tikz)::.*$"
    r"(?:\n(?:[ \t]*$|\1[ \t]+.*$))*|^([ \t]*)\.\.[ \t]++(?![\[_|]|[\w:.+-]+::).*$(?:\n(?:[ \t]*$|\2[ \t]+.*$))*",
    re.M,
)
ROLE = re.compile(
    r"(?<![\w:.+-])(?>(?::[\w.+-]++)+):(?=`)|(?<=`)(?>(?::[\w.+-]++)+):|<[^<>\n]*>(?=`)"
    r"|\|[^|\s][^|\n]*\|_*|\[#?[\w*-]*\]_|:math:`[^`]*`"
)
MARKED = re.compile(r"^[ \t]*(?:\(?(?:\d+|#|[A-Za-z])[.)][ \t]|\.\. \[[^\[\]\n]*\])|^:(?>(?:\\.|[^:\\\n])+):", re.M)


def _plain(text: str) -> str:
    """The text without markup, and without directives with other content."""
    return letters.without(text, HIDDEN, DIRECTIVE, ROLE, MARKED)


READER = Reader("rst", read, passages=letters.of_text(_plain))
