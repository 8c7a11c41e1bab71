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


OILS = """@article{lind:2020, author = {Lind, Bo}, title = {On Oil}, journal = {Oils}, year = {2020}}
@book{wang, author = {王, 明}, title = {海上的灯}, year = {2011}}"""
INLINE = (
    "references:\n- id: vogt\n  type: book\n  author:\n  - family: Vogt\n    given: Ada\n  issued: 1907\n  title: Lamps at Sea\n"
)


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
        ({"bibliography": "works.bib", "csl": "broken.csl"}, "csl"),
    ],
)
def test_refused(engines: Engines, conversion: Recipe, options: dict[str, str], field: str) -> None:
    child = Asset("child.csl", STYLE.replace(b"<info>", b'<info><link href="https://p.example/" rel="independent-parent"/>'))
    with pytest.raises(ValidationFailed) as caught:
        read(engines, conversion("pdf", **options), Asset("works.bib", WORKS), child, Asset("broken.csl", b"<style"))
    assert caught.value.places[0].pointer == f"/{field}"


def article(front: str, body: str) -> str:
    return f"---\ntitle: T\nlang: en\n{front}---\n\n{body}\n"


@pytest.mark.parametrize(
    ("front", "body", "expected"),
    [
        ("bibliography: works.bib\n", "See [@vogt, p. 7].", "See (Vogt 1907, 7)."),
        ("bibliography:\n  - works.bib\n  - data/oils.bib\n", "[@vogt; @lind:2020]", "(Vogt 1907; Lind 2020)"),
        ("bibliography: [works.bib, /data/oils.bib]\n", "As @lind:2020 says.", "As Lind (2020) says."),
        ("bibliography: works.bib\ncsl: s.csl\n", "See [@vogt].", "See <Ada Vogt>."),
        ("bibliography: works.bib\ncitation-style: s.csl\n", "See [@vogt].", "See <Ada Vogt>."),
        (INLINE, "@vogt [p. 7] says, [-@vogt]", "Vogt (1907, 7) says, (1907)"),
        (INLINE, "[see @vogt; and more]", "[see Vogt (1907); and more]"),
        (INLINE, "[see @vogt, *passim*]", "(see Vogt 1907, passim)"),
        (INLINE, "- a [@vogt]\n\n> b @vogt\n\n| c @{vogt} |\n|--|", "a (Vogt 1907) b Vogt (1907) c Vogt (1907)"),
        (INLINE, "!!! tip\n    c [@vogt]\r\n\n:::note\nd [@vogt]\n:::", "Tip c (Vogt 1907) Note d (Vogt 1907)"),
        ("bibliography: data/oils.bib\n", "王[@wang]说，见@wang说。", "王(王 2011)说，见王 (2011)说。"),
        ("bibliography: list.yaml\n", "[@vogt]", "(Vogt 1907)"),
    ],
)  # fmt: skip
def test_a_bibliography_of_the_front_matter(engines: Engines, conversion: Recipe, front: str, body: str, expected: str) -> None:
    assets = [Asset("works.bib", WORKS), Asset("data/oils.bib", OILS.encode()), Asset("s.csl", STYLE)]
    assets.append(Asset("list.yaml", INLINE.encode()))
    document = read(engines, conversion("pdf"), *assets, text=article(front, body))
    assert said(document).startswith(expected)
    assert len(said(document)) > len(expected) + 5, "the works are listed at the end"
    assert not document.notices


@pytest.mark.parametrize(
    "text",
    [
        "Mail ada@vogt.example or @somebody.",
        "`[@vogt]` and ``@vogt``",
        "```\n[@vogt]\n```",
        "See @fig:vogt and [@tbl-vogt].",
        "[words](https://a.example/@vogt)",
    ],
)
def test_no_citation(engines: Engines, conversion: Recipe, text: str) -> None:
    document = read(engines, conversion("pdf"), text=article(INLINE, text))
    assert "1907" not in said(document)


def test_a_missing_bibliography_of_the_front_matter_is_a_notice(engines: Engines, conversion: Recipe) -> None:
    document = read(engines, conversion("pdf"), text=article("bibliography: none.bib\ncsl: none.csl\n", "See [@vogt]."))
    assert said(document) == "See [@vogt]."
    assert [(one.code, one.line, one.column) for one in document.notices] == [("bibliography-missing", 4, 15)]


def test_a_missing_style_of_the_front_matter_is_a_notice(engines: Engines, conversion: Recipe) -> None:
    text = article("bibliography: works.bib\ncsl: https://styles.example/apa\n", "See [@vogt].")
    document = read(engines, conversion("pdf"), Asset("works.bib", WORKS), text=text)
    assert said(document).startswith("See (Vogt 1907).")
    assert [(one.code, one.line) for one in document.notices] == [("bibliography-missing", 5)]


def test_an_unknown_key_is_a_notice_with_its_place(engines: Engines, conversion: Recipe) -> None:
    document = read(engines, conversion("pdf"), text=article(INLINE, "See [@vogt] and [@lost]."))
    assert said(document).startswith("See (Vogt 1907) and [@lost].")
    (reported,) = (one for one in document.notices if one.code == "citation-unknown")
    assert reported.line == 14
    assert reported.column == 17
    assert "@lost" in reported.message


def test_where_the_works_are_listed(engines: Engines, conversion: Recipe) -> None:
    front = f"{INLINE}nocite: '@*'\nreference-section-title: Works\n"
    assert said(read(engines, conversion("pdf"), text=article(front, "Words."))).startswith("Words. Works Vogt, Ada. 1907.")
    placed = read(engines, conversion("pdf"), text=article(INLINE, "[@vogt]\n\n::: {#refs}\n:::\n\nEnd."))
    assert said(placed).endswith("Lamps at Sea. End.")
    hidden = read(engines, conversion("pdf"), text=article(f"{INLINE}suppress-bibliography: true\n", "[@vogt]"))
    assert said(hidden) == "(Vogt 1907)"


def test_constructs_are_read_next_to_citations(engines: Engines, conversion: Recipe) -> None:
    document = read(engines, conversion("pdf", bibliography="works.bib"), Asset("works.bib", WORKS), text="> [!tip] T\n> [@vogt]")
    assert "callout" in document.blocks[0]["c"][0][1]
