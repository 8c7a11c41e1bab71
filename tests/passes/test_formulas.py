"""A formula that costs too much is shown as its text; the others stay formulas."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import formulas
from service.pipeline import steps
from tests.passes.conftest import codes

Recipe = Callable[..., Conversion]
COSTLY = (
    "x = " + "_" * 20, "^_" * 12, "x" + "^" * 14, "x" + "_ " * 14, "x_{" * 14 + "a" + "}" * 14, "x_{" * 3 + "a", "a_{b" * 2 + "}",
    "x_{y_{z_{w_{" + "a+" * 12_000 + "}}}}", "x" + "_\n\n" * 30, "\\alpha" + "^" * 16 + "\\beta",
)  # fmt: skip
CHEAP = (
    "", "x", "a_{i_{j_k}}^{2^n}", r"\sum_{i=0}^{n} x_i^2", "a+" * 20_000, r"\text{a_b} \_ \^ \{", r"e^{-\frac{x^2}{2\sigma^2}}",
    r"\frac{1}{2}" * 2_000, "x'_1 y''_2", r"\begin{matrix} a_1 & b^2 \\ c & d \end{matrix}", "}}}x_1", "{" * 90 + "x" + "}" * 90,
)  # fmt: skip


def document(*formulae: str) -> Document:
    nodes = [{"t": "Math", "c": [{"t": "InlineMath"}, tex]} for tex in formulae]
    return Document(Metadata(), (pandoc_ast.para(nodes),), Source("a.md", b""))


@pytest.mark.parametrize("tex", COSTLY)
def test_costly_ones_are_text(conversion: Recipe, tex: str) -> None:
    after = formulas.run(document("x^2", tex), conversion("epub"))
    assert [node["t"] for node in after.blocks[0]["c"]] == ["Math", "Code"]
    assert after.blocks[0]["c"][1]["c"][1] == tex
    assert codes(after) == ["math-unreadable"]


@pytest.mark.parametrize("tex", CHEAP)
def test_others_stay(conversion: Recipe, tex: str) -> None:
    given = document(tex)
    assert formulas.run(given, conversion("epub")) is given


def test_all_formulas_share_a_budget(conversion: Recipe) -> None:
    after = formulas.run(document(*("a_{" + "b+" * 60_000 + "}" + str(n) for n in range(20))), conversion("epub"))
    kinds = [node["t"] for node in after.blocks[0]["c"]]
    assert kinds == sorted(kinds, reverse=True)
    assert 5 <= kinds.count("Math") <= 10


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "Fill in: $x = ____________________$ and $y^2$.\n"),
        ("a.wiki", "Fill in: <math>a______________</math> and <math>y^2</math>.\n"),
        ("a.tex", "Fill in: $x^^^^^^^^^^^^^^^^^^^_$ and \\(y^2\\).\n"),
        ("a.org", "Fill in: \\(x = ____________________\\) and \\(y^2\\).\n"),
    ],
)
@pytest.mark.parametrize("target", ["pdf", "epub", "docx", "html"])
def test_in_every_format(engines: Engines, conversion: Recipe, name: str, text: str, target: str) -> None:
    recipe = conversion(target)
    read = steps.read(Source(name, text.encode()), recipe, engines)
    assert "math-unreadable" in {each.code for each in read.notices}
    assert steps.write(read, recipe, target, engines).data
