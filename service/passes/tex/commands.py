"""Commands that pandoc's TeX reader does not know, translated to known ones: one row each, with the number of arguments.

Sources: amsmath, mathtools, physics, braket, cancel, xcolor, stmaryrd. A colour is not kept: pandoc drops it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """`#1` in `tex` is the first argument; an argument in brackets is `#0`, and is removed if `tex` does not have it."""

    arguments: int
    tex: str


def _operators(*names: str) -> Mapping[str, Row]:
    return {name: Row(0, f"\\operatorname{{{name}}}") for name in names}


def _limits(**names: str) -> Mapping[str, Row]:
    return {name: Row(0, f"\\operatorname*{{{words}}}") for name, words in names.items()}


def _arrows(**names: str) -> Mapping[str, Row]:
    return {name: Row(1, f"\\underset{{#0}}{{\\overset{{#1}}{{\\{arrow}}}}}") for name, arrow in names.items()}


ROWS: Mapping[str, Row] = {
    "cfrac": Row(2, "\\dfrac{#1}{#2}"), "hphantom": Row(1, "\\phantom{#1}"), "vphantom": Row(1, ""), "smash": Row(1, "{#1}"),
    "mathllap": Row(1, "{#1}"), "mathrlap": Row(1, "{#1}"), "mathclap": Row(1, "{#1}"), "raisebox": Row(2, "\\text{#2}"),
    "hbox": Row(1, "\\text{#1}"), "textsc": Row(1, "\\text{#1}"), "uuline": Row(1, "\\underline{#1}"),
    "nonumber": Row(0, ""), "notag": Row(0, ""), "hfill": Row(0, "\\quad "), "hfil": Row(0, "\\quad "), "require": Row(1, ""),
    "htmlClass": Row(2, "{#2}"), "htmlId": Row(2, "{#2}"), "cssId": Row(2, "{#2}"), "class": Row(2, "{#2}"),
    "href": Row(2, "{#2}"), "degree": Row(0, "^\\circ "),
    "textcolor": Row(2, "{#2}"), "color": Row(1, ""), "colorbox": Row(2, "{#2}"), "fcolorbox": Row(3, "\\boxed{#3}"),
    "cancelto": Row(2, "\\cancel{#2}^{#1}"), "sout": Row(1, "\\cancel{#1}"), "mathchoice": Row(4, "{#1}"),
    "bra": Row(1, "\\langle #1|"), "ket": Row(1, "|#1\\rangle "), "braket": Row(1, "\\langle #1\\rangle "),
    "Bra": Row(1, "\\left\\langle #1\\right|"), "Ket": Row(1, "\\left|#1\\right\\rangle "),
    "Braket": Row(1, "\\left\\langle #1\\right\\rangle "), "ketbra": Row(2, "|#1\\rangle\\langle #2|"),
    "expval": Row(1, "\\langle #1\\rangle "), "mel": Row(3, "\\langle #1|#2|#3\\rangle "),
    "Set": Row(1, "\\left\\{ #1 \\right\\}"), "set": Row(1, "\\{ #1 \\}"),
    "abs": Row(1, "\\left| #1 \\right|"), "norm": Row(1, "\\left\\| #1 \\right\\|"),
    "pdv": Row(2, "\\frac{\\partial^{#0} #1}{\\partial #2^{#0}}"),
    "dv": Row(2, "\\frac{\\mathrm{d}^{#0} #1}{\\mathrm{d} #2^{#0}}"),
    "odv": Row(2, "\\frac{\\mathrm{d}^{#0} #1}{\\mathrm{d} #2^{#0}}"), "dd": Row(0, "\\mathrm{d}"),
    "grad": Row(0, "\\nabla "), "laplacian": Row(0, "\\nabla^{2}"), "curl": Row(0, "\\nabla\\times "),
    "prescript": Row(3, "{}^{#1}_{#2}#3"), "sideset": Row(3, "{}#1#3#2"),
    "overparen": Row(1, "\\overset{\\frown}{#1}"), "overarc": Row(1, "\\overset{\\frown}{#1}"),
    "wideparen": Row(1, "\\overset{\\frown}{#1}"), "underparen": Row(1, "\\underset{\\smile}{#1}"),
    "coloneqq": Row(0, "\\mathrel{:=}"), "coloneq": Row(0, "\\mathrel{:=}"), "eqqcolon": Row(0, "\\mathrel{=:}"),
    "vcentcolon": Row(0, "\\mathrel{:}"), "mathds": Row(1, "\\mathbb{#1}"), "mathbbm": Row(1, "\\mathbb{#1}"),
    "xcancelto": Row(2, "\\cancel{#2}^{#1}"), "vb": Row(1, "\\mathbf{#1}"), "eval": Row(1, "\\left. #1 \\right|"),
    **_operators("sgn", "rank", "tr", "Tr", "diag", "Var", "Cov", "Hom", "Aut", "End", "Spec", "supp", "erf", "sinc"),
    **_limits(argmin="arg\\,min", argmax="arg\\,max", varliminf="lim\\,inf", varlimsup="lim\\,sup", esssup="ess\\,sup"),
    **_arrows(
        xleftrightarrow="leftrightarrow", xLeftarrow="Leftarrow", xRightarrow="Rightarrow", xLeftrightarrow="Leftrightarrow",
        xrightleftharpoons="rightleftharpoons", xmapsto="mapsto", xhookrightarrow="hookrightarrow",
        xhookleftarrow="hookleftarrow", xrightharpoonup="rightharpoonup", xlongequal="=",
    ),
}  # fmt: skip
ROWS = {**ROWS, "xlongequal": Row(1, "\\underset{#0}{\\overset{#1}{=}}")}
BRACKETED = frozenset({"cfrac", "color", "textcolor", "colorbox", "raisebox", "smash"})  # their bracket is a style, not content
ENVIRONMENTS: Mapping[str, str] = {
    "\\begin{dcases}": "\\begin{cases}", "\\end{dcases}": "\\end{cases}",
    "\\begin{rcases}": "\\left. \\begin{array}{l}", "\\end{rcases}": "\\end{array} \\right\\}",
    "\\begin{drcases}": "\\left. \\begin{array}{l}", "\\end{drcases}": "\\end{array} \\right\\}",
    "\\begin{subarray}{c}": "\\begin{matrix}", "\\begin{subarray}{l}": "\\begin{matrix}", "\\end{subarray}": "\\end{matrix}",
}  # fmt: skip
USED = re.compile(r"\\(?:" + "|".join(sorted(ROWS, key=len, reverse=True)) + r")(?![A-Za-z])|subarray|d?r?cases|\\(?:def|let)\\")
DEFINED = re.compile(r"\\(?:(?:re)?newcommand\*?|providecommand\*?|DeclareMathOperator\*?)\s{0,4}\{?\s{0,4}\\([A-Za-z]+)")
PLAIN_DEFINITION = re.compile(r"\\def\s{0,4}(\\[A-Za-z]+)((?:#[1-9]){0,9})\{")
LET = re.compile(r"\\let\s{0,4}(\\[A-Za-z]+)\s{0,4}=?\s{0,4}(\\[A-Za-z]+)")
UNITS = re.compile(r"\\(?:SI|si|qty|unit|ang)(?![A-Za-z])")
COLOURED = re.compile(r"\\(?:text)?color(?:box)?(?![A-Za-z])|\\fcolorbox(?![A-Za-z])")
Pieces = Iterator[str]


def prepared(tex: str) -> str:
    """Replaces definitions of plain TeX by those of LaTeX, and environments by known ones."""
    for name, known in ENVIRONMENTS.items():
        tex = tex.replace(name, known)
    tex = LET.sub(lambda found: f"\\newcommand{{{found[1]}}}{{{found[2]}}}", tex)
    return PLAIN_DEFINITION.sub(
        lambda found: f"\\newcommand{{{found[1]}}}" + (f"[{len(found[2]) // 2}]" if found[2] else "") + "{", tex
    )


def defined(tex: str) -> frozenset[str]:
    """The commands that the formula defines, or that name a unit in it. They are not commands of the rows."""
    return frozenset([*DEFINED.findall(tex), *(["degree"] if UNITS.search(tex) else [])])


def filled(name: str, bracket: str, arguments: list[str]) -> str:
    """The row of that name with its arguments."""
    bracket = "" if name in BRACKETED else bracket
    text = ROWS[name].tex.replace("#0", bracket)
    for number, argument in enumerate(arguments, 1):
        text = text.replace(f"#{number}", argument)
    for empty in ("^{}", "\\underset{}"):
        text = text.replace(empty, "")
    return text
