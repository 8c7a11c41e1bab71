"""Checks a bibliography in BibTeX before pandoc reads it: endless inheritance between works, and nested LaTeX.

`@book{a,crossref={a}}` blocks a worker until its deadline, and so does a title with 250 open environments.
"""

from __future__ import annotations

import re
from collections import Counter

from service.model.errors import Place, ValidationFailed
from service.readers.shared.expansion import LOOP, expanded

FORMATS = frozenset({"bibtex", "biblatex"})  # pandoc's
MAX_OPEN = 10  # depth of environments, or of conditions of TeX
OPENING = re.compile(r"\\(?:(begin)\s*+\{|(end)\s*+\{|(if)[a-zA-Z@]*+|(fi)(?![A-Za-z@])|[\s\S])")
MAX_INHERITED = 1_000  # works that one work inherits from, each time
POINTER = "/bibliography"
# A work and its key, or a field whose value is the keys of the works that it inherits from.
TOKEN = re.compile(
    r"@[A-Za-z]++\s*+[{(]\s*+([^\s,{}()\"#%=]++)\s*+,"
    r"|(?<![\w-])(?:crossref|xdata)\s*+=\s*+(?:\{([^{}]*+)\}|\"([^\"{}]*+)\"|([\w:.+/-]++))",
    re.IGNORECASE,
)


def check(name: str, data: bytes) -> None:
    """Raises ValidationFailed for /bibliography, with a line, for text on which pandoc does not end."""
    text = data.decode("utf-8", "replace")
    _refuse_nesting(name, text)
    calls, lines = _inherited(text)
    for key, size in expanded(dict.fromkeys(calls, 1), calls, MAX_INHERITED).items():
        if size == LOOP:
            raise _refused(f"The work {key[:100]!r} of {name!r} inherits from itself (crossref, xdata).", lines[key])
        if size > MAX_INHERITED:
            raise _refused(f"The work {key[:100]!r} of {name!r} inherits from more than {MAX_INHERITED:,} works.", lines[key])


def _refuse_nesting(name: str, text: str) -> None:
    environments = conditions = 0
    for found in OPENING.finditer(text):
        begin, end, condition, fi = map(bool, found.groups())
        environments = max(0, environments + begin - end)
        conditions = max(0, conditions + condition - fi)
        if max(environments, conditions) > MAX_OPEN:
            what = "environments in one another" if environments > MAX_OPEN else "conditions in one another"
            line = 1 + text.count("\n", 0, found.start())
            raise _refused(f"Line {line} of {name!r} has more than {MAX_OPEN} {what}.", line)


def _inherited(text: str) -> tuple[dict[str, Counter[str]], dict[str, int]]:
    """The keys of works → the keys that each inherits from, and the line of each."""
    calls: dict[str, Counter[str]] = {}
    lines: dict[str, int] = {}
    key, line, last = "", 1, 0
    for found in TOKEN.finditer(text):
        line, last = line + text.count("\n", last, found.start()), found.start()
        if found[1]:
            key = found[1]
            calls.setdefault(key, Counter())
            lines.setdefault(key, line)
        elif key:
            named = found[2] or found[3] or found[4] or ""
            calls[key].update(filter(None, map(str.strip, named.split(","))))
    return calls, lines


def _refused(detail: str, line: int | None) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, POINTER, line=line)])
