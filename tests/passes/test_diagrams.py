"""Mermaid becomes a picture that describes itself; what cannot be drawn stays code, with the line of the upload."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from service.ast import pandoc_ast
from service.engines import diagrams as engine
from service.engines.images import svg
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import diagrams

Recipe = Callable[..., Conversion]
pytestmark = pytest.mark.skipif(not engine.available(), reason="there is no merman for this machine")
KINDS = {
    "flowchart": "flowchart LR\n  a[Write 写] --> b{Right?}\n  b -->|yes| c[Print]",
    "sequence": "sequenceDiagram\n  Reader->>Press: asks\n  Press-->>Reader: prints",
    "class": "classDiagram\n  class Book{\n    +int pages\n  }\n  Book <|-- Novel",
    "state": "stateDiagram-v2\n  [*] --> Draft\n  Draft --> [*] : done",
    "gantt": "gantt\n  dateFormat YYYY-MM-DD\n  section Work\n  Setting :a, 2024-01-01, 10d",
    "pie": 'pie title Paper\n  "White" : 3\n  "Blue" : 1',
    "er": "erDiagram\n  AUTHOR ||--o{ BOOK : writes",
}  # fmt: skip


def code(source: str, *classes: str, **pairs: str) -> pandoc_ast.Node:
    return {"t": "CodeBlock", "c": [pandoc_ast.attr("", classes or ("mermaid",), pairs), source]}


def document(*blocks: pandoc_ast.Node, source: str = "") -> Document:
    return Document(Metadata(lang="en"), blocks, Source("a.md", source.encode()))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_with_its_words(conversion: Recipe, kind: str) -> None:
    done = diagrams.run(document(code(KINDS[kind])), conversion("pdf"))
    assert not done.notices
    (figure,) = done.blocks
    (asset,) = done.assets.values()
    cleaned, width, height = svg.clean(asset.data)
    assert 50 < width < 2_000 and 50 < height < 2_000
    assert svg.rasterised(cleaned, width)
    shown = " ".join("".join(map(str, text.itertext())) for text in etree.fromstring(cleaned).iter("{*}text"))
    for word in {"Write", "Right?", "Reader", "prints", "Book", "Draft", "Setting", "White", "AUTHOR"} & set(KINDS[kind].split()):
        assert word in shown
    assert b"foreignObject" not in cleaned and b"url(#merman-gradient)" not in cleaned
    (picture,) = pandoc_ast.query([figure], {"Image"})
    assert pandoc_ast.text(picture["c"][1]).split()[0] == KINDS[kind].split()[0]  # the source describes it


def test_a_diagram_describes_itself(conversion: Recipe) -> None:
    source = "flowchart TD\n  accTitle: A way\n  accDescr: From here to there\n  a --> b"
    (figure,) = diagrams.run(document(code(source, title="Ways")), conversion("docx")).blocks
    (picture,) = pandoc_ast.query([figure], {"Image"})
    assert pandoc_ast.text(picture["c"][1]) == "A way: From here to there"
    assert pandoc_ast.text(figure["c"][1][1]).strip() == "Ways"


def test_a_bad_source_is_code_and_a_notice_with_its_line(conversion: Recipe) -> None:
    bad = "flowchart TD\n  a --> b\n  c --["
    upload = f"# Title\n\nText.\n\n```mermaid\n{bad}\n```\n"
    before = document(code(bad), code("x = 1", "python"), source=upload)
    done = diagrams.run(before, conversion("epub"))
    assert list(done.blocks) == list(before.blocks) and not done.assets
    (notice,) = done.notices
    assert (notice.code, notice.data["line"]) == ("diagram-unreadable", 8)
    assert notice.message.startswith("Line 8: ")


@pytest.mark.parametrize(
    "source",
    [
        "not a diagram",
        "flowchart TD\n" + "\n".join(f"  n{each} --> n{each * 7 % 4999}" for each in range(5_000)),
        "flowchart TD\n  a --> b\n%% " + "x" * 60_000,
        "journey\n  section Work\n    Writing: 5: Me",
    ],
    ids=["words", "nodes", "size", "html"],
)
def test_what_is_too_large_or_has_no_text_stays_code(conversion: Recipe, source: str) -> None:
    done = diagrams.run(document(code(source)), conversion("pdf"))
    assert [each["t"] for each in done.blocks] == ["CodeBlock"]
    assert [each.code for each in done.notices] == ["diagram-unreadable"]


def test_no_more_than_the_limit_is_drawn(conversion: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagrams, "MOST", 1)
    done = diagrams.run(document(*(code(KINDS[kind]) for kind in ("pie", "er", "pie"))), conversion("pdf"))
    assert [each["t"] for each in done.blocks] == ["Figure", "CodeBlock", "Figure"]
    assert len(done.assets) == 1 and len(done.notices) == 1


@pytest.mark.parametrize("to", ["markdown", "ast"])
def test_texts_keep_the_code(conversion: Recipe, to: str) -> None:
    before = document(code(KINDS["pie"]))
    assert diagrams.run(before, conversion(to)) is before


def test_a_machine_without_the_engine_says_so(conversion: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "available", lambda: False)
    done = diagrams.run(document(code(KINDS["pie"] + "\n%% of this test alone")), conversion("pdf"))
    assert "not installed" in done.notices[0].message


def test_a_source_runs_nothing_and_leads_nowhere(conversion: Recipe) -> None:
    source = 'flowchart TD\n  a["<img src=x onerror=alert(1)>"] --> b\n  click a "javascript:alert(1)"\n  click b href "https://x.example"'
    for asset in diagrams.run(document(code(source)), conversion("epub")).assets.values():
        cleaned, _, _ = svg.clean(asset.data)
        assert b"javascript" not in cleaned and b"onerror=" not in cleaned and b"x.example" not in cleaned
