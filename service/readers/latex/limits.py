"""Checks LaTeX before pandoc reads it: text that its parser cannot end on is refused, with its line.

Sixteen open braces, ten nested tables, or an environment that begins itself (55 characters) block a worker until
its deadline. All of these are errors in TeX too, or do not occur in texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from service.model.errors import Place, TooComplex
from service.readers.shared import nesting

MAX_OPEN = 8  # braces or environments without an end
MAX_DEPTH = 50
MAX_TABLES = 5  # in one another
MAX_CONDITIONS = 10
MAX_OPTIONS = 200  # `\command[` that nothing closes: pandoc looks through the rest of the text for each
MAX_EXPANDED = 50  # environments that one of the author's own begins, within it and within those
HEAD = re.compile(rb"(?>(?:\s++|%[^\n]*+|\\RequirePackage[^\n]*+|\\PassOptionsToPackage[^\n]*+)*)\\document(?:class|style)\b")
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
ENVIRONMENTS = ("verbatim", "verbatim*", "lstlisting", "minted", "Verbatim", "comment")
VERBATIM = re.compile(rf"\\begin\{{({'|'.join(map(re.escape, ENVIRONMENTS))})\}}|\\verb\*?([^A-Za-z\s*])")
ENDS = {name: re.compile(re.escape(rf"\end{{{name}}}")) for name in ENVIRONMENTS}
TOKEN = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}|\\(if[a-zA-Z@]*|fi)(?![A-Za-z@])|\\[\s\S]|([{}])")
OPTION = re.compile(r"\\[A-Za-z]++\*?+\[|\]")
DEFINED = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([^{}]*)\}")
TABLES = frozenset({"tabular", "tabular*", "tabularx", "longtable", "array"})


def is_latex(head: bytes) -> bool:
    return HEAD.match(head[:8192]) is not None


def without_comments(text: str) -> str:
    """The text with blanks in place of comments and verbatim text. Lines keep their numbers."""
    parts, last = [], 0
    for start, end in verbatim(text):
        parts += [text[last:start], "\n" * text.count("\n", start, end)]
        last = end
    return COMMENT.sub(r"\1", "".join([*parts, text[last:]]))


def verbatim(text: str) -> Iterator[tuple[int, int]]:
    """Environments, and `\verb|…|`, which ends on its line. Each mark that is not ahead is looked for once."""
    missing: set[str] = set()
    line_end, at, last = -1, 0, dict[str, int]()
    while found := VERBATIM.search(text, at):
        at, name = found.end(), found[1]
        if name and name not in missing:
            if end := ENDS[name].search(text, at):
                at = end.end()
                yield found.start(), at
            else:
                missing.add(name)
        elif not name:
            if at > line_end:
                line_end = text.find("\n", at) % (len(text) + 1)
                last = {character: place for place, character in enumerate(text[at:line_end], at)}
            if last.get(found[2], -1) >= at:
                at = text.index(found[2], at) + 1
                yield found.start(), at


def check(text: str, first_line: int) -> None:
    """`text` without comments. Raises TooComplex."""
    _refuse_loops(text, first_line)
    opened: list[str] = []
    braces = conditions = line = last = 0
    for found in TOKEN.finditer(text):
        line, last = line + text.count("\n", last, found.start()), found.start()
        kind, name, condition, brace = found.groups()
        if kind == "begin":
            opened.append(name)
            nesting.refuse(len(opened), MAX_DEPTH, first_line + line, "environments in one another")
            nesting.refuse(sum(each in TABLES for each in opened), MAX_TABLES, first_line + line, "tables in one another")
        elif kind == "end" and name in opened:
            while opened.pop() != name:
                pass
        elif condition:
            conditions = max(0, conditions - 1) if condition == "fi" else conditions + 1
            nesting.refuse(conditions, MAX_CONDITIONS, first_line + line, "conditions in one another")
        elif brace:
            braces = braces + 1 if brace == "{" else max(0, braces - 1)
            nesting.refuse(braces, 500, first_line + line, "braces in one another")
    _refuse_options(text, first_line)
    nesting.refuse(braces, MAX_OPEN, first_line + line, "braces that nothing closes")
    nesting.refuse(len(opened), MAX_OPEN, first_line + line, "environments that nothing ends")


def _refuse_options(text: str, first_line: int) -> None:
    opened = 0
    for found in OPTION.finditer(text):
        opened = max(0, opened - 1) if found.group() == "]" else opened + 1
        if opened > MAX_OPTIONS:
            line = first_line + text.count("\n", 0, found.start())
            nesting.refuse(opened, MAX_OPTIONS, line, "options in brackets that nothing closes")


def _refuse_loops(text: str, first_line: int) -> None:
    """Refuses an environment of the author that begins itself, or others endlessly: pandoc does not detect a loop."""
    places = list(DEFINED.finditer(text))
    own = {found[1]: found for found in places}
    begun: dict[str, list[str]] = {}
    for number, found in enumerate(places):
        end = places[number + 1].start() if number + 1 < len(places) else found.end() + 2_000
        tokens = TOKEN.findall(text[found.end() : _definition_end(text, found.end(), end)])
        begun[found[1]] = [name for kind, name, _, _ in tokens if kind == "begin" and name in own]
    for name, found in own.items():
        if _expanded(name, begun) > MAX_EXPANDED:
            line = first_line + text.count("\n", 0, found.start())
            detail = f"Line {line} defines an environment that begins itself or more than {MAX_EXPANDED} others."
            raise TooComplex(detail, places=[Place(detail, line=line)])


def _expanded(name: str, begun: Mapping[str, Sequence[str]], most: int = MAX_EXPANDED) -> int:
    """The number of environments that `name` begins in total, counted up to `most`."""
    count, level = 0, [name]
    while level and count <= most:
        count += len(level)
        level = [each for one in level for each in begun.get(one, ())][: most + 1]
    return count


def _definition_end(text: str, start: int, most: int) -> int:
    """The end of the two arguments in braces that follow `start`."""
    depth = groups = 0
    for found in re.finditer(r"\\[\s\S]|[{}]", text[start:most]):
        if found.group() == "{":
            depth += 1
        elif found.group() == "}":
            depth -= 1
            groups += depth == 0
            if groups == 2:
                return start + found.end()
    return most
