"""LaTeX before pandoc reads it: what its parser does not end on is refused, each with its line.

Sixteen open braces, ten tables in one another, or an environment that begins itself (55 characters) held a worker until
its deadline; all of that is an error to TeX too, or nobody's text.
"""

from __future__ import annotations

import re

from service.model.errors import Place, TooComplex
from service.readers.shared import nesting

MAX_OPEN = 8  # braces or environments that nothing closes
MAX_DEPTH = 50
MAX_TABLES = 5  # in one another
MAX_CONDITIONS = 10
HEAD = re.compile(rb"\s*(?:(?:%[^\n]*|\\RequirePackage[^\n]*|\\PassOptionsToPackage[^\n]*)\s*)*\\document(?:class|style)\b")
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
VERBATIM = re.compile(
    r"\\begin\{(verbatim\*?|lstlisting|minted|Verbatim|comment)\}.*?\\end\{\1\}|\\verb\*?([^A-Za-z\s*]).*?\2", re.S
)
TOKEN = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}|\\(if[a-zA-Z@]*|fi)(?![A-Za-z@])|\\[\s\S]|([{}])")
DEFINED = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([^{}]*)\}")
TABLES = frozenset({"tabular", "tabular*", "tabularx", "longtable", "array"})


def is_latex(head: bytes) -> bool:
    return HEAD.match(head[:8192]) is not None


def without_comments(text: str) -> str:
    """The text with blanks for what TeX does not take for markup: comments and verbatim. Lines stay where they are."""
    text = VERBATIM.sub(lambda found: "\n" * found.group().count("\n"), text)
    return COMMENT.sub(r"\1", text)


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
    nesting.refuse(braces, MAX_OPEN, first_line + line, "braces that nothing closes")
    nesting.refuse(len(opened), MAX_OPEN, first_line + line, "environments that nothing ends")


def _refuse_loops(text: str, first_line: int) -> None:
    """An environment of the author's own may begin others, but none of the author's own: pandoc does not see a loop."""
    places = list(DEFINED.finditer(text))
    own = {found[1] for found in places}
    for number, found in enumerate(places):
        end = places[number + 1].start() if number + 1 < len(places) else found.end() + 2_000
        called = {name for _, name, _, _ in TOKEN.findall(text[found.end() : _definition_end(text, found.end(), end)]) if name}
        if called & own:
            line = first_line + text.count("\n", 0, found.start())
            detail = f"Line {line} defines an environment by environments that the text defines."
            raise TooComplex(detail, places=[Place(detail, line=line)])


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
