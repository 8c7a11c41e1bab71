"""AsciiDoc: the header's title, authors, revision and attributes are its front matter; includes read no file.

pandoc reads the body. Callouts (`NOTE:`, `[TIP]`) become divisions of their kind, as in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.model.notices import notice
from service.readers.base import Reader
from service.readers.shared import letters, nesting, open_marks
from service.readers.shared import text as texts
from service.readers.shared.placeholders import Placeholders

FORMAT = "asciidoc"
TITLE = re.compile(r"(?:=|#)[ \t]+(\S.*)")
ATTRIBUTE = re.compile(r":(!?[A-Za-z_][\w-]*+!?):(?:[ \t]++(.*))?")
COMMENT_FENCE = re.compile(r"/{4,}")
CONDITION = re.compile(r"^(ifdef|ifndef|ifeval|endif)::([^\[\]\n]{0,300})\[([^\n]{0,2000})\]$", re.M)
INCLUDED = re.compile(r"(?:include|docinfo)::([^\[\n]*)\[[^\[\]\n]*\]")
# Attributes that are instructions to a converter.
INSTRUCTION_WORDS = """toc toclevels toc-title sectnums sectanchors sectlinks sectnumlevels icons iconsdir iconfont imagesdir
    source-highlighter rouge-style pygments-style highlightjs-theme stylesheet stylesdir linkcss doctype backend experimental
    stem idprefix idseparator figure-caption table-caption example-caption listing-caption nofooter noheader hide-uri-scheme
    reproducible compat-mode partnums leveloffset data-uri allow-uri-read safe-mode encoding showtitle notitle xrefstyle
    page-layout attribute-missing docinfo title-page numbered pdf-theme pdf-themesdir pdf-fontsdir media text-align"""
INSTRUCTIONS = frozenset(INSTRUCTION_WORDS.split())

# Marks that take more than linear time.
MOST = {"[": 300, "(": 2_000, "<": 2_000, "- ": 600, "* ": 600, "_": 3_000, "`": 1_000, "#": 1_000}
REPEATED = re.compile(r"(?<![\w.])(\d{1,20})\*(?=[.<>^aehlmsdv]{0,4}\|)")  # `3*|a` is three cells
MOST_REPEATED = 10_000  # cells in all
HEADING = re.compile(r"={1,6} \S")
VERBATIM = re.compile(r"(-{4,}+|\.{4,}+|\+{4,}+|```)[ \t]*+[^\s`]*+[ \t]*+")
DELIMITER = re.compile(r"={4,}|_{4,}|\*{4,}|--")  # of a block of blocks
TICKS = re.compile(r"`{3,}")
# Lines that a block may follow directly.
OPENERS = re.compile(r"(?:\[[^\]\n]*\]|\.[^\s.].*|[+]|={4,}|_{4,}|\*{4,}|--|\|===.*)?[ \t]*")

# Lines that the count of letters ignores.
DROPPED = re.compile(r"^(?:[ \t]*//(?!/).*|:!?[\w-]+!?:.*|\[[^\]\n]*\]|\.[\w].*|[a-z]+::.*|ifdef.*|endif.*|\|===.*)$", re.M)
COMMENT = re.compile(r"^////+$.*?^////+$", re.M | re.S)
CELL = re.compile(r"(?<![^\s|])(?:\d+(?:\.\d+)?[*+])?(?:[.<>^]*[aehlmsdv])?\|", re.M)
OTHER_FILE = re.compile(r"#[^#\s]+\.(?:adoc|asciidoc|asc)(?:#|\Z)")
MACRO_NAMES = "link|mailto|image|kbd|btn|menu|xref|anchor|icon|footnote|footnoteref|pass|stem|latexmath|asciimath|indexterm2?"
MACRO = re.compile(rf"\b(?:{MACRO_NAMES}):[^\s\[]*+\[?")
ADDRESS = re.compile(r"\b(?:https?|ftp|irc|mailto):[^\s\[\]]*")
REFERENCE = re.compile(r"<<[^<>\n]*>>|\[\[[^\[\]\n]*\]\]|\(\(\([^()\n]*\)\)\)|\{[\w-]+\}|&\w+;|<\d+>|\[[.#][^\[\]\n]*\]|\[[x ]\]")


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines)
    nesting.refuse_indentation(text.body, text.line)
    open_marks.refuse(text.body, text.line, MOST)
    _refuse_repetitions(text.body, text.line)
    said = _header(text.body)
    body, left_out = _conditional(_without_comments(text.body), text.line)
    body, reported = _without_files(body, text.line)
    one = Placeholders(body)
    found = texts.parsed(_sections(_closed(body, one)) + "\n", FORMAT, engines, one, text.line)
    return texts.document(source, text, said, _with_links_to_files(found.blocks), [*reported, *left_out])


def _with_links_to_files(blocks: list[pandoc_ast.Node]) -> list[pandoc_ast.Node]:
    """pandoc reads `xref:other.adoc#part[]` as the part `#other.adoc#part` of this document."""

    def linked(node: pandoc_ast.Node) -> pandoc_ast.Node:
        attributes, text, (target, title) = node["c"]
        return {"t": "Link", "c": [attributes, text, [target.removeprefix("#"), title]]} if OTHER_FILE.match(target) else node

    return pandoc_ast.walk(blocks, linked, {"Link"})


def _refuse_repetitions(text: str, first_line: int) -> None:
    """Raises TooComplex with the line if cells are repeated too often."""
    cells = 0
    for number, line in enumerate(text.split("\n"), first_line):
        if "|" in line:
            cells += sum(int(found[1]) for found in REPEATED.finditer(line))
            nesting.refuse(cells, MOST_REPEATED, number, "repeated cells")


def _header(text: str) -> dict[str, Any]:
    """Title, authors, revision and attributes: the lines above the first blank one; attributes may occur without a title."""
    said: dict[str, Any] = {}
    lines = [line for line in _head(text) if not line.startswith("//")]
    at = 0
    for at, line in enumerate(lines):
        if found := TITLE.fullmatch(line):
            said["title"] = found[1].strip()
            said |= _people_and_revision(lines[at + 1 :])
        elif (found := ATTRIBUTE.fullmatch(line)) and (value := (found[2] or "").strip()):
            key = found[1].lower()
            if key not in INSTRUCTIONS and not key.startswith(("source-", "page-", "pdf-", "epub")):
                said[key] = value
    names = {"revdate": "date", "revnumber": "version", "author": "author", "email": ""}
    for old, new in names.items():
        if old in said and new and new not in said:
            said[new] = said.pop(old)
    if "email" in said and isinstance(said.get("author"), str):
        said["author"] = [{"name": said["author"], "email": said.pop("email")}]
    return said


def _head(text: str) -> Iterator[str]:
    started = False
    for line in text.split("\n"):
        if not line.strip():
            if started:
                return
            continue
        started = True
        yield line.rstrip()


def _people_and_revision(lines: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    plain = []
    for line in lines:
        if ATTRIBUTE.fullmatch(line):
            break
        plain.append(line)
    if plain and (people := [person for part in plain[0].split(";") if (person := _person(part))]):
        said["author"] = people
    if len(plain) > 1:
        said |= _revision(plain[1])
    return said


def _person(text: str) -> dict[str, str]:
    """`Mara_Ann Vogt <mara@tides.example>`; an underscore joins the parts of a name."""
    name, _, email = text.partition("<")
    found = {"name": " ".join(name.replace("_", " ").split()), "email": email.partition(">")[0].strip()}
    return {key: value for key, value in found.items() if value} if found["name"] else {}


def _revision(line: str) -> dict[str, str]:
    """`v1.2, 2024-05-06: remark`; each part may be missing."""
    head, _, remark = line.partition(":")
    version, comma, date = head.partition(",")
    if not comma and not re.match(r"v\d", head):
        version, date = "", head
    found = {"version": version.strip().removeprefix("v"), "date": date.strip(), "remark": remark.strip()}
    return {key: value for key, value in found.items() if value}


def _without_comments(text: str) -> str:
    """The text without blocks of comments: pandoc prints all but their first line."""
    if "////" not in text:
        return text
    lines, fence = text.split("\n"), ""
    for at in list(_outside_verbatim(lines)):
        line = lines[at].rstrip()
        if not fence and not COMMENT_FENCE.fullmatch(line):
            continue
        fence = line if not fence else "" if line == fence else fence
        lines[at] = ""
    return "\n".join(lines)


def _conditional(text: str, first_line: int) -> tuple[str, list[Notice]]:
    """The text without directives of conditions, and without text under a condition that is not true.

    An attribute is set if the text sets it; a condition of other kinds (`ifeval`) holds.
    Source: docs.asciidoctor.org, Conditionals.
    """
    if "::" not in text or not CONDITION.search(text):
        return text, []
    lines, opened = text.split("\n"), list[bool]()
    attributes = {found[1].lower() for line in lines if (found := ATTRIBUTE.fullmatch(line)) and not found[1].startswith("!")}
    left_out: list[str] = []
    for at in list(_outside_verbatim(lines)):
        line = lines[at]
        if found := CONDITION.fullmatch(line.rstrip()):
            kind, names, inside = found[1], found[2], found[3]
            holds = _holds(kind, names, attributes)
            lines[at] = inside if kind.startswith("if") and kind != "ifeval" and inside and holds and all(opened) else ""
            if kind == "endif":
                del opened[-1:]
            elif not inside or kind == "ifeval":
                opened.append(holds)
            elif not holds:
                left_out.append(inside)
        elif not all(opened):
            left_out += [line] if line.strip() else []
            lines[at] = ""
    if not left_out:
        return "\n".join(lines), []
    message = "Parts under a condition that does not hold (ifdef, ifndef) are not in the document."
    reported = notice("comment-removed", message, stage="read", line=first_line, data={"comments": left_out[:1_000]})
    return "\n".join(lines), [reported]


def _holds(kind: str, names: str, attributes: set[str]) -> bool:
    given = [name.strip().lower() in attributes for name in re.split("[,+]", names)]
    any_of = all(given) if "+" in names else any(given)
    return any_of if kind == "ifdef" else not any_of if kind == "ifndef" else True


def _without_files(text: str, first_line: int) -> tuple[str, tuple[Notice, ...]]:
    """The text without directives that include a file: in its sandbox pandoc would refuse the whole text."""
    lines, named = text.split("\n"), []
    for at, line in enumerate(lines):
        if found := INCLUDED.fullmatch(line.strip()):
            named.append((first_line + at, found[1].strip()))
            lines[at] = ""
    return "\n".join(lines), texts.not_read(named)


def _closed(text: str, one: Placeholders) -> str:
    """The text with all blocks of code closed: pandoc does not end at an open one. Its fence is removed, its lines stay.

    Three backticks that are not a fence are hidden too.
    """
    lines, at = text.split("\n"), 0
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        ends.setdefault(line.rstrip(), []).append(number)
    while at < len(lines):
        found = VERBATIM.fullmatch(lines[at])
        if not found or (at and not OPENERS.fullmatch(lines[at - 1])):
            lines[at] = TICKS.sub(lambda run: one.of("`") * len(run[0]), lines[at])
            at += 1
            continue
        end = next((number for number in ends.get(found[1], ()) if number > at), None)
        if end is None or (found[1] != "```" and lines[at].rstrip() != found[1]):
            lines[at] = ""
            at += 1
            continue
        at = end + 1
    return "\n".join(lines)


def _sections(text: str) -> str:
    """The text with headings one level lower if parts (`= Part`) follow the title: pandoc refuses a second one."""
    lines = [line.rstrip(" \t") for line in text.split("\n")]  # pandoc also refuses blanks after `[discrete]`
    _remove_empty_blocks(lines)
    headings = [at for at in _outside_verbatim(lines) if HEADING.match(lines[at])]
    parts = [at for at in headings if lines[at].startswith("= ")]
    first = next((at for at, line in enumerate(lines) if line and not line.startswith("//")), None)
    if set(parts) - {first}:
        for at in headings:
            lines[at] = "=" * (at != first and not lines[at].startswith("======")) + lines[at]
    return "\n".join(lines)


def _remove_empty_blocks(lines: list[str]) -> None:
    """Removes the delimiters of empty blocks: pandoc takes quadratic time for them, 19 s for 1,600.

    The ends of the others follow their last line.
    """
    opened: list[tuple[int, bool]] = []  # the line of each open block, and whether it has content
    for at in list(_outside_verbatim(lines)):
        line = lines[at]
        if DELIMITER.fullmatch(line) and opened and lines[opened[-1][0]] == line:
            start, is_filled = opened.pop()
            if not is_filled:
                lines[start] = lines[at] = ""
                continue
            _move_up(lines, at)
        elif DELIMITER.fullmatch(line):
            opened.append((at, False))
            continue
        if line and opened:
            opened[-1] = (opened[-1][0], True)


def _move_up(lines: list[str], end: int) -> None:
    """Moves the end of a block above the blank lines before it: pandoc takes four times as long with each such block."""
    at = end
    while not lines[at - 1]:
        at -= 1
    lines[end], lines[at] = "", lines[end]


def _outside_verbatim(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines outside of code."""
    fence = ""
    for at, line in enumerate(lines):
        if fence:
            fence = "" if line == fence else fence
        elif found := VERBATIM.fullmatch(line):
            fence = found[1]
        else:
            yield at


def plain(text: str) -> str:
    """The text without its invisible parts."""
    head = "\n".join(_head(text))
    body = text.replace(head, "\n" * head.count("\n"), 1) if TITLE.match(head) else text
    return letters.without(body, COMMENT, DROPPED, MACRO, ADDRESS, REFERENCE, CELL)


READER = Reader("asciidoc", read, passages=letters.of_text(plain))
