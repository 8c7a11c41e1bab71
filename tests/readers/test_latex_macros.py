"""Macros that multiply are refused with their line; those of real preambles pass."""

from __future__ import annotations

import itertools

import pytest

from service.model.errors import TooComplex
from service.readers.latex import macros


def chain(define: str, call: str = "\\z{} ") -> str:
    """Twelve macros, each ten times the one before; `define` has the name and the text of each."""
    names = [f"z{chr(97 + number)}" for number in range(12)]
    bodies = ["x", *("".join(call.replace("z", name) for _ in range(10)) for name in names)]
    return "".join(define % pair + "\n" for pair in zip(names, bodies, strict=False)) + f"\\{names[-1]}"


BOMBS = {
    "nested calls": "\\def\\a#1{" + "#1" * 8 + "}\n" + "\\a{" * 14 + "x" + "}" * 14,
    "nested calls of two arguments": "\\newcommand{\\a}[2]{" + "#1#2" * 8 + "}\n" + "\\a{" * 12 + "x" + "}{y}" * 12,
    "nested environments": "\\newenvironment{e}[1]{" + "#1" * 8 + "}{}\n" + "\\begin{e}{" * 8 + "x" + "}\\end{e}" * 8,
    "arguments handed on": "\\def\\za#1{#1#1#1#1}"
    + "".join(f"\\newcommand\\z{chr(98 + n)}[1]{{" + f"\\z{chr(97 + n)}{{#1}}" * 4 + "}" for n in range(12))
    + "\\zm{x}",
    "newcommand": chain("\\newcommand{\\%s}{%s}"),
    "renewcommand": chain("\\renewcommand*\\%s{%s}"),
    "def": chain("\\def\\%s{%s}"),
    "operators": chain("\\DeclareMathOperator{\\%s}{%s}"),
    "defined in reverse": "\n".join(reversed(chain("\\def\\%s{%s}").split("\n")[:-1])) + "\n\\zl",
    "aliases": "\\def\\za{x}"
    + "".join(f"\\newcommand\\y{c}\\z{b}\\def\\z{c}{{" + f"\\y{c}" * 4 + "}" for b, c in itertools.pairwise("abcdefghijkl"))
    + "\\zl",
    "copies": "\\def\\a{x}" + "".join(f"\\let\\z{c}\\a \\def\\a{{\\z{c}\\z{c}\\z{c}\\z{c}}}\n" for c in "abcdefghijkl") + "\\a",
    "edef": "\\def\\a{x}" + "\\edef\\a{\\a\\a\\a\\a}\n" * 14 + "\\a",
    "a loop": "\\newcommand{\\a}{x\\b}\\newcommand{\\b}{y\\a}\\a",
    "itself": "\\def\\a{\\a\\a}\\a",
    "columns": "\\begin{tabular}{*{99999999}{l}}a\\end{tabular}",
    "columns in columns": "\\begin{tabular}{*{99}{*{99}{*{99}{*{9}{l}}}}}a\\end{tabular}",
    "columns of an array": "$\\begin{array}{|*{99999999}{l}|}a\\end{array}$",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str) -> None:
    with pytest.raises(TooComplex, match="line") as raised:
        macros.check("\n\n" + BOMBS[name], 1)
    (place,) = raised.value.places
    assert place.line is not None and place.line >= 3


@pytest.mark.parametrize(
    "text",
    [
        "\\newcommand{\\R}{\\mathbb{R}}" + "$\\R$ " * 20_000,
        "\\let\\oldsection\\section \\renewcommand{\\section}[1]{\\clearpage\\oldsection{#1}}" + "\\section{One}" * 500,
        "\\newcommand{\\todo}[2][red]{\\textbf{#2}\\emph{#2}}\\todo{\\todo{x}}",
        "\\begin{tabular}{*{12}{l}}a\\end{tabular}" * 200,
        "\\edef\\list{\\list,more}\\edef\\list{\\list,more}\\list",
        "\\renewcommand{\\emph}[1]{\\emph{#1}}",  # without end, but nothing calls it
        "\\newenvironment{lamp}[1]{\\begin{quote}#1}{\\end{quote}}" + "\\begin{lamp}{a}b\\end{lamp}" * 500,
        "5*{3}{x} \\def\\a{" + "x" * 400_000,
    ],
)  # fmt: skip
def test_what_ends_passes(text: str) -> None:
    macros.check(text, 1)
