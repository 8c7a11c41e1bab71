"""The abstract of the front matter: its markup parsed, under the title, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Source
from service.pipeline import steps


@pytest.mark.parametrize("top", ["## Introduction", "# Sand\n\n## Introduction", "Introduction"])
@pytest.mark.parametrize("key", ["title: Sand", "lang: en"])
def test_the_abstract_stands_under_the_title(engines: Engines, conversion: Callable[..., Conversion], top: str, key: str) -> None:
    text = f"---\n{key}\nabstract: |\n  We *dug* $x$.\n\n  Deep.\n---\n\n{top}\n\nText.\n"
    document = steps.read(Source("a.md", text.encode()), conversion("pdf"), engines)
    shown = pandoc_ast.text(document.blocks).split()
    start = 1 if shown[0] in ("Sand", "Introduction") else 0  # the heading that is the title of a text without one
    assert shown[start : start + 5] == ["Abstract", "We", "dug", "x.", "Deep."]
    assert any(pandoc_ast.query(document.blocks, {"Math"}))
    written = steps.write(document, conversion("markdown"), "markdown", engines).data.decode()
    assert written.count("Deep.") == 1
