"""Columns and cells of tables in a form for pandoc: for an unknown one it drops the table with its caption.

Measured with pandoc 3.9: `S`, `!{…}`, `D{.}{.}{2}`, `w{c}{2cm}`, column types of the author's own, columns other than letters in
`\\multicolumn`, and a line break within a cell that spans several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.latex.front import DEEP_ARGUMENT
from service.readers.latex.limits import verbatim

OPTION = r"(?>(?:\[[^\[\]]*+\]\s*+)?)"
ANY_ARGUMENT = DEEP_ARGUMENT.replace("((?>", "(?:(?>", 1)
TABLE = re.compile(rf"(\\begin\{{(?:tabular|longtable)\}}\s*+{OPTION}){DEEP_ARGUMENT}")
WIDE_TABLE = re.compile(rf"(\\begin\{{(?:tabular\*|tabularx)\}}\s*+{ANY_ARGUMENT}\s*+{OPTION}){DEEP_ARGUMENT}")
SPANNING = re.compile(rf"(\\multicolumn\s*+)(?:\{{(\d++)\}}|(\d))\s*+(?:{DEEP_ARGUMENT}|([lcr]))(?=\s*+\{{)")
ROWS = re.compile(rf"(\\multirow\s*+{OPTION}(?:\{{[^{{}}]*+\}}|\d)\s*+{OPTION})(\{{[^{{}}]*+\}}|\*)(\s*+{OPTION}){DEEP_ARGUMENT}")
SPANNING_CELL = re.compile(rf"(\\multicolumn\s*+\{{\d++\}}\s*+\{{[^{{}}]*+\}}\s*+){DEEP_ARGUMENT}")
BREAK = re.compile(r"\\\\\*?+(?>(?:\[[^\[\]]*+\])?)")
STACK = re.compile(rf"\\(?:makecell|shortstack|thead)\*?+\s*+{OPTION}{DEEP_ARGUMENT}")
TOKEN = re.compile(
    rf"(?P<kept>[lcrX|]|[pmb]\s*+{ANY_ARGUMENT})|(?P<dropped>[>@!<]\s*+{ANY_ARGUMENT})"
    rf"|\*\s*+\{{(?P<times>\d{{1,4}})\}}\s*+(?P<repeated>{ANY_ARGUMENT})"
    rf"|(?P<other>[A-Za-z])(?>(?:\[[^\[\]]*+\])?)(?>(?:{ANY_ARGUMENT})*)|.",
    re.S,
)
NUMBERS = frozenset("SsDdnN")
MATH = "$$"
BEGIN, END = r"\begin{tabular}", r"\end{tabular}"
DEEPEST = 3  # depth of repetitions


def readable(text: str) -> str:
    """`text` with columns and cells that pandoc reads; code stays as it is."""
    if "tabular" not in text and "longtable" not in text:
        return text
    hidden = list(verbatim(text))
    if not hidden:
        return _readable(text)
    out, last = [], 0
    for start, end in hidden:
        out += [_readable(text[last:start]), text[start:end]]
        last = end
    return "".join([*out, _readable(text[last:])])


def _readable(text: str) -> str:
    text = _without_formula_tables(text)
    for pattern in (TABLE, WIDE_TABLE):
        text = pattern.sub(lambda found: f"{found[1]}{{{_columns(found[2])}}}", text)
    text = SPANNING.sub(lambda found: f"{found[1]}{{{found[2] or found[3]}}}{{{_columns(found[4] or found[5])}}}", text)
    text = ROWS.sub(lambda found: f"{found[1]}{'{*}' if found[2] == '*' else found[2]}{found[3]}{{{_one_line(found[4])}}}", text)
    return SPANNING_CELL.sub(lambda found: f"{found[1]}{{{_one_line(found[2])}}}", text)


def _columns(given: str, depth: int = 0) -> str:
    """The same number of columns: numbers to the right, columns of the author's own to the left."""
    return "".join(_parts(given, depth))


def _parts(given: str, depth: int) -> Iterator[str]:
    for found in TOKEN.finditer(given):
        if found["kept"]:
            yield found["kept"]
        elif found["times"] and depth < DEEPEST:
            yield f"*{{{found['times']}}}{{{_columns(found['repeated'][1:-1], depth + 1)}}}"
        elif found["other"]:
            yield "r" if found["other"] in NUMBERS else "c" if found["other"] in "wWC" else "l"


def _one_line(cell: str) -> str:
    """A cell without row ends, except those of a table in it."""
    return cell if BEGIN in cell else BREAK.sub(r"\\newline ", STACK.sub(lambda found: f"{{{found[1]}}}", cell))


def _without_formula_tables(text: str) -> str:
    """A table within a displayed formula as an array, its inner dollar signs gone: pandoc refuses the whole text for one."""
    out, at, marks, in_formula = [], 0, 0, False
    while (begin := text.find(BEGIN, at)) >= 0:
        end = text.find(END, begin)
        if end < 0:
            break
        out.append(text[at:begin])
        marks += text.count(MATH, at, begin)
        opened = text.rfind(MATH, at, begin)
        opened = at if opened < 0 and in_formula else opened  # of a formula with several tables
        in_formula = marks % 2 == 1 and opened >= 0 and "\n\n" not in text[opened:begin]
        inner = text[begin : end + len(END)]
        out.append(_array(inner) if in_formula else inner)
        at = end + len(END)
    return "".join([*out, text[at:]]) if out else text


def _array(table: str) -> str:
    return table.replace("$", "").replace(BEGIN, r"\begin{array}").replace(END, r"\end{array}")
