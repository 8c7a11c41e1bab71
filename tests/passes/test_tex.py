"""TeX beyond pandoc's becomes TeX that pandoc reads, and a formula that is not understood stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import tex
from service.pipeline import steps
from tests.passes.conftest import codes

Recipe = Callable[..., Conversion]
READ = {
    r"\pu{1.2e3 kg m s-2}": r"1.2\cdot 10^{3}\,\mathrm{kg}\,\mathrm{m}\,\mathrm{s}^{-2}",
    r"\pu{120 kJ//mol}": r"120\,\mathrm{kJ}/\mathrm{mol}",
    r"\pu{2 m*s}": r"2\,\mathrm{m}\cdot \mathrm{s}",
    r"\ce{H2O}": r"\mathrm{H}_{2}\mathrm{O}",
    r"\ce{NH4+}": r"\mathrm{N}\mathrm{H}_{4}^{+}",
    r"\ce{CrO4^2-}": r"\mathrm{Cr}\mathrm{O}_{4}^{2-}",
    r"\ce{2H2 + O2 -> 2H2O}": r"2\,\mathrm{H}_{2} + \mathrm{O}_{2}  \rightarrow  2\,\mathrm{H}_{2}\mathrm{O}",
    r"\ce{A ->[heat][MnO2] B}": r"\mathrm{A}  \xrightarrow[\mathrm{Mn}\mathrm{O}_{2}]{\text{heat}}  \mathrm{B}",
    r"\ce{A <=>[k] B}": r"\mathrm{A}  \overset{\text{k}}{\rightleftharpoons}  \mathrm{B}",
    r"\ce{^{14}_{6}C}": r"{}^{14}_{6}\mathrm{C}",
    r"\ce{AgCl v}": r"\mathrm{Ag}\mathrm{Cl}  \downarrow",
    r"\ce{CO2 ^}": r"\mathrm{C}\mathrm{O}_{2}  \uparrow",
    r"\ce{NaOH(aq)}": r"\mathrm{Na}\mathrm{O}\mathrm{H}\text{(aq)}",
    r"\ce{CaSO4*2H2O}": r"\mathrm{Ca}\mathrm{S}\mathrm{O}_{4}\cdot 2\,\mathrm{H}_{2}\mathrm{O}",
    r"\ce{HC#CH}": r"\mathrm{H}\mathrm{C}\equiv \mathrm{C}\mathrm{H}",
    r"k = \ce{1/2 O2}": r"k = \frac{1}{2} \mathrm{O}_{2}",
    r"a \over b": r"\frac{a}{b}",
    r"1 + {n \choose k}": r"1 + {\binom{n}{k}}",
    r"x = 1 \tag{3}": r"x = 1 \qquad \text{(3)}",
    r"x = 1 \tag*{see above}": r"x = 1 \qquad \text{see above}",
}
KEPT = (
    "x^2",
    r"\overline{x}",
    r"\ce{R-\bond{~}X @}",
    r"\ce{",
    r"{a \over b",
    r"\over}{",
    r"\ce",
    r"\celsius",
    "{" * 70 + r"\over" + "}" * 70,
)


def document(*formulae: str) -> Document:
    nodes = [{"t": "Math", "c": [{"t": "DisplayMath"}, each]} for each in formulae]
    return Document(Metadata(), (pandoc_ast.para(nodes),), Source("a.md", b""))


@pytest.mark.parametrize(("source", "wanted"), READ.items())
def test_rewritten(source: str, wanted: str, conversion: Recipe) -> None:
    after = tex.run(document(source), conversion("epub"))
    assert after.blocks[0]["c"][0]["c"][1] == wanted
    assert tex.run(after, conversion("epub")) == after


@pytest.mark.parametrize("source", KEPT)
def test_what_is_not_understood_stays(source: str, conversion: Recipe) -> None:
    assert tex.run(document(source), conversion("epub")) == document(source)


@pytest.mark.parametrize("target", ["markdown", "ast"])
def test_targets_that_show_tex_show_the_source(target: str, conversion: Recipe) -> None:
    assert tex.run(document(r"\ce{H2O}"), conversion(target)) == document(r"\ce{H2O}")


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_every_target_sets_them(target: str, conversion: Recipe, engines: Engines) -> None:
    artifact = steps.write(document(*READ), conversion(target), target, engines)
    assert "math-unreadable" not in [notice.code for notice in artifact.notices]
    assert not codes(document(*READ))
