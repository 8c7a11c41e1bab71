"""Tables of LaTeX whose columns or cells pandoc does not know: rows and caption are kept."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.readers.latex import columns
from tests.readers import markups


@pytest.mark.parametrize(
    "given",
    ["S[table-format=2.1]c", "c!{\\vrule}c", "L{2cm}c", "D{.}{.}{2}c", "Cc", "w{c}{2cm}c", "*{2}{S}", "*{2}{>{\\bf}L{1cm}}",
     "@{}l@{\\quad}r@{}", "|l||p{2cm}|", ">{\\raggedright\\arraybackslash}p{2cm}r", "*{1}{c}l"],
)  # fmt: skip
def test_columns(given: str, engines: Engines, conversion: markups.Recipe) -> None:
    text = (
        rf"\begin{{document}}\begin{{table}}\caption{{Tides of a week.}}\begin{{tabular}}{{{given}}}Low & high \\ one & two\\"
        r"\end{tabular}\end{table}\end{document}"
    )
    document = markups.read(text, "a.tex", engines, conversion("pdf"))
    [table] = pandoc_ast.query(document.blocks, {"Table"})
    assert len(table["c"][2]) == 2
    assert markups.said(document) in ("Tides of a week. Low high one two", "Low high one two Tides of a week.")


@pytest.mark.parametrize(
    "cell",
    [r"\multicolumn{2}{@{}l}{Low tide}", r"\multicolumn{2}{>{\bf}c}{Low tide}", r"\multicolumn2c{Low tide}",
     r"\multicolumn{2}{c}{Low \\ tide}", r"\multirow{2}{*}{Low \\ tide} &", r"\multirow{2}*{Low tide} &",
     r"\multirow{2}{*}{\makecell{Low \\ tide}} &", r"\multirow{2}{*}{\begin{tabular}{@{}c@{}}Low\\tide\end{tabular}} &"],
)  # fmt: skip
def test_cells(cell: str, engines: Engines, conversion: markups.Recipe) -> None:
    text = (
        rf"\begin{{document}}\begin{{table}}\caption{{Tides.}}\begin{{tabular}}{{lr}}{cell} \\ & \\ one & two\\"
        r"\end{tabular}\end{table}\end{document}"
    )
    document = markups.read(text, "a.tex", engines, conversion("pdf"))
    said = markups.said(document)
    assert {"Tides.", "Low", "tide", "one", "two"} <= set(said.split())
    assert next(pandoc_ast.query(document.blocks, {"Table"}), None)


def test_code_stays(engines: Engines, conversion: markups.Recipe) -> None:
    code = r"\begin{tabular}{S!{x}}a\end{tabular}"
    text = f"\\begin{{document}}\n\\begin{{verbatim}}\n{code}\n\\end{{verbatim}}\n\\end{{document}}"
    document = markups.read(text, "a.tex", engines, conversion("pdf"))
    assert next(pandoc_ast.query(document.blocks, {"CodeBlock"}))["c"][1].strip() == code


def test_a_table_in_a_formula(engines: Engines, conversion: markups.Recipe) -> None:
    rows = r"\begin{tabular}{c|c}$0$ & $h_1$ \\ \hline $1$ & 2\end{tabular}"
    text = rf"\begin{{document}}Let $$B = \left({rows}\right), \left({rows}\right)$$ be {rows}.\end{{document}}"
    document = markups.read(text, "a.tex", engines, conversion("pdf"))
    formula = next(pandoc_ast.query(document.blocks, {"Math"}))["c"][1]
    assert formula.count(r"\begin{array}{c|c}0 & h_1") == 2
    assert len(list(pandoc_ast.query(document.blocks, {"Table"}))) == 1


@pytest.mark.parametrize("text", [r"\begin{tabular}{", r"\multirow{2}{", "$$" + r"\begin{tabular}" * 50, r"\multicolumn{2}{c"])
def test_half_a_table_stays(text: str) -> None:
    assert columns.readable(text) == text


def test_entries_with_new_blocks_keep_their_words(engines: Engines, conversion: markups.Recipe) -> None:
    text = (
        "\\begin{document}\\begin{thebibliography}{9}\n\\bibitem{a}\nAda Vogt.\n\\newblock Of sand.\n\\newblock {\\em Shore\n"
        "  letters}, 2016.\n\\end{thebibliography}\\end{document}"
    )
    assert "Ada Vogt. Of sand. Shore letters, 2016." in markups.said(markups.read(text, "a.tex", engines, conversion("pdf")))


def test_a_text_without_its_end(engines: Engines, conversion: markups.Recipe) -> None:
    text = "\\documentclass{article}\n\\begin{document}\nLow tide."
    assert markups.said(markups.read(text, "a.tex", engines, conversion("pdf"))) == "Low tide."
