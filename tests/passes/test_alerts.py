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


@pytest.mark.parametrize("to", sorted(alerts.TEXTS))
def test_texts_know_alerts(engines: Engines, conversion: Recipe, to: str) -> None:
    before = read("> [!TIP]\n> One.", engines, conversion)
    assert alerts.run(before, conversion(to)) is before
