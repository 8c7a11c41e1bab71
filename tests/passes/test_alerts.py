"""Alerts are callouts in every format that is set, and stay in Markdown."""

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


@pytest.mark.parametrize("to", ["docx", "epub", "html", "pdf"])
def test_an_alert_is_a_callout(engines: Engines, conversion: Recipe, to: str) -> None:
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


def test_a_kind_that_github_lacks_is_a_quotation_under_its_title(engines: Engines, conversion: Recipe) -> None:
    before = read("> [!example]- Two *ways*\n> One.\n\n:::danger\nTwo.\n:::", engines, conversion)
    after = list(alerts.run(before, conversion("markdown")).blocks)
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
