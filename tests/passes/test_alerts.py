"""Alerts are callouts where a format has them, quotations under their name elsewhere, and stay in Markdown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import callouts, pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import alerts
from service.readers import markdown

Recipe = Callable[..., Conversion]


def read(text: str, engines: Engines, conversion: Recipe) -> Document:
    return Document(Metadata(), markdown.blocks_of(text, conversion("pdf"), engines), Source("a.md", b""))


@pytest.mark.parametrize("kind", sorted(callouts.LOOKS))
def test_an_alert_is_a_quotation_under_its_name(engines: Engines, conversion: Recipe, kind: str) -> None:
    before = read(f"> [!{kind.upper()}]\n> One.\n>\n> - Two", engines, conversion)
    assert before.blocks[0]["t"] == "Div"
    (quotation,) = alerts.run(before, conversion("pdf")).blocks
    assert [block["t"] for block in quotation["c"]] == ["Para", "Para", "BulletList"]
    assert quotation["c"][0]["c"] == [{"t": "Strong", "c": [pandoc_ast.string(kind.capitalize())]}]
    assert pandoc_ast.text(quotation).split() == [kind.capitalize(), "One.", "Two"]


@pytest.mark.parametrize("to", sorted(alerts.SHAPED))
def test_an_alert_is_a_callout_where_the_format_has_callouts(engines: Engines, conversion: Recipe, to: str) -> None:
    before = read("> [!TIP]\n> One.", engines, conversion)
    (block,) = alerts.run(before, conversion(to)).blocks
    found = callouts.of(block, "de")
    assert found is not None
    assert (found.kind, found.look, pandoc_ast.text(found.title)) == ("tip", "tip", "Tipp")
    assert pandoc_ast.text(found.blocks).strip() == "One."


@pytest.mark.parametrize("text", ["> One.", '<div class="tip">\n\nOne.\n\n</div>'])
def test_what_is_no_alert_stays(engines: Engines, conversion: Recipe, text: str) -> None:
    before = read(text, engines, conversion)
    assert list(alerts.run(before, conversion("pdf")).blocks) == list(before.blocks)


def test_a_callout_of_any_kind_is_a_quotation_under_its_title(engines: Engines, conversion: Recipe) -> None:
    before = read("> [!example]- Two *ways*\n> One.\n\n:::danger\nTwo.\n:::", engines, conversion)
    after = list(alerts.run(before, conversion("pdf")).blocks)
    assert [block["t"] for block in after] == ["BlockQuote", "BlockQuote"]
    assert pandoc_ast.text(after).split() == ["Two", "ways", "One.", "Danger", "Two."]


def test_the_ast_keeps_callouts(engines: Engines, conversion: Recipe) -> None:
    before = read("> [!TIP]\n> One.", engines, conversion)
    assert alerts.run(before, conversion("ast")) is before


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("> [!TIP]\n> One.", "> [!TIP]\n> One."),
        (":::tip Mind this\nOne.\n:::", "> [!TIP]\n> **Mind this**\n>\n> One."),
        ("> [!bug] Ants\n> One.", "> **Ants**\n>\n> One."),
    ],
)
def test_markdown_has_those_that_github_knows(engines: Engines, conversion: Recipe, text: str, written: str) -> None:
    blocks = alerts.run(read(text, engines, conversion), conversion("markdown")).blocks
    out = engines.pandoc.write(pandoc_ast.dumps(blocks), "gfm").decode()
    assert out.strip() == written
