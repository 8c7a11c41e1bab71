"""A tree before, a tree after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document, Metadata, Source

Make = Callable[..., Document]


@pytest.fixture(scope="session")
def read(engines: Engines) -> Make:
    """`read("# A", title="A")`: a document of plain CommonMark, no pass run; keywords are fields of the metadata."""

    def make(text: str, assets: tuple[Any, ...] = (), **fields: Any) -> Document:
        data, _ = engines.pandoc.read(text, "commonmark+attributes+footnotes+pipe_tables", {})
        return Document(Metadata(**fields), tuple(pandoc_ast.loads(data)), Source("a.md", text.encode(), assets=assets))

    return make


def codes(document: Document) -> list[str]:
    return [notice.code for notice in document.notices]


def said(document: Document) -> str:
    return pandoc_ast.text(document.blocks)


def nodes(document: Document, kind: str) -> list[Any]:
    return [node for node in pandoc_ast.query(document.blocks) if node["t"] == kind]
