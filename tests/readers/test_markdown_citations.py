"""Citations by an uploaded bibliography."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Source
from service.model.errors import ValidationFailed
from service.readers import READERS

WORKS = b"""@book{vogt, author = {Vogt, Ada}, title = {Lamps at Sea}, year = {1907}, publisher = {Lamp House}}"""
STYLE = b"""<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>t</title><id>t</id><updated>2025-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="&lt;" suffix="&gt;"><names variable="author"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>"""
TEXT = "---\ntitle: T\nlang: en\nbibliography: /etc/passwd\n---\n\nSee [@vogt, p. 7].\n"
Recipe = Callable[..., Conversion]


def read(engines: Engines, conversion: Conversion, *assets: Asset, text: str = TEXT) -> Document:
    return READERS["markdown"].read(Source("a.md", text.encode(), assets=assets), conversion, engines)


def said(document: Any) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def test_author_and_year(engines: Engines, conversion: Recipe) -> None:
    text = said(read(engines, conversion("pdf", bibliography="works.bib"), Asset("works.bib", WORKS)))
    assert text.startswith("See (Vogt 1907")
    assert "Lamps at Sea" in text


def test_style_of_the_upload(engines: Engines, conversion: Recipe) -> None:
    recipe = conversion("pdf", bibliography="works.bib", csl="s.csl")
    assert said(read(engines, recipe, Asset("works.bib", WORKS), Asset("s.csl", STYLE))).startswith("See <Ada Vogt>")


def test_without_a_bibliography_the_text_stays(engines: Engines, conversion: Recipe) -> None:
    assert said(read(engines, conversion("pdf"))) == "See [@vogt, p. 7]."


def test_a_reference_to_a_figure_is_no_citation(engines: Engines, conversion: Recipe) -> None:
    recipe = conversion("pdf", bibliography="works.bib")
    text = said(read(engines, recipe, Asset("works.bib", WORKS), text="See @fig:lamp, [@tbl-oil] and [@vogt]."))
    assert text.startswith("See @fig:lamp, [@tbl-oil] and (Vogt 1907)")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"bibliography": "missing.bib"}, "bibliography"),
        ({"bibliography": "/etc/passwd"}, "bibliography"),
        ({"bibliography": "https://works.example/a.bib"}, "bibliography"),
        ({"bibliography": "works.bib", "csl": "missing.csl"}, "csl"),
        ({"bibliography": "works.bib", "csl": "child.csl"}, "csl"),
        ({"bibliography": "works.bib", "csl": "broken.csl"}, "bibliography"),
    ],
)
def test_refused(engines: Engines, conversion: Recipe, options: dict[str, str], field: str) -> None:
    child = Asset("child.csl", STYLE.replace(b"<info>", b'<info><link href="https://p.example/" rel="independent-parent"/>'))
    with pytest.raises(ValidationFailed) as caught:
        read(engines, conversion("pdf", **options), Asset("works.bib", WORKS), child, Asset("broken.csl", b"<style"))
    assert caught.value.places[0].pointer == f"/{field}"
