"""Identifiers are unique and valid; links within the document lead to one of them."""

from __future__ import annotations

from collections.abc import Callable

from service.ast import pandoc_ast
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import identifiers
from tests.passes.conftest import codes, nodes

Recipe = Callable[..., Conversion]


def document(*names: str, links: tuple[str, ...] = ()) -> Document:
    headings = [pandoc_ast.header(2, pandoc_ast.words("x"), pandoc_ast.attr(name)) for name in names]
    text = [pandoc_ast.link(pandoc_ast.words("to"), f"#{each}") for each in links]
    return Document(Metadata(), (*headings, pandoc_ast.para(text)), Source("a.md", b""))


def named(after: Document) -> list[str]:
    return [node["c"][1][0] for node in nodes(after, "Header")]


def test_unique_and_valid(conversion: Recipe) -> None:
    after = identifiers.run(document("a", "a", "a b", "1", "第一节", "fn1", "fnref2", "!"), conversion("epub"))
    assert named(after) == ["a", "a-2", "a-b", "s-1", "第一节", "s-fn1", "s-fnref2", "section"]
    assert codes(after) == ["identifier-changed"]


def test_links_follow_their_targets(conversion: Recipe) -> None:
    after = identifiers.run(document("a b", "1", links=("a b", "a%20b", "1")), conversion("epub"))
    assert [node["c"][2][0] for node in nodes(after, "Link")] == ["#a-b", "#a-b", "#s-1"]


def test_dead_link_becomes_text(conversion: Recipe) -> None:
    after = identifiers.run(document("a", links=("nowhere", "a")), conversion("epub"))
    assert len(nodes(after, "Link")) == 1
    assert codes(after) == ["dead-internal-link"]
    assert after.notices[0].data["links"] == ["#nowhere"]


def test_stable(conversion: Recipe) -> None:
    once = identifiers.run(document("a", "a", "a-2"), conversion("epub"))
    assert named(once) == ["a", "a-2", "a-2-2"]
    assert identifiers.run(once, conversion("epub")) == once


def test_a_heading_without_one_gets_it_where_links_are(conversion: Recipe) -> None:
    """A heading in HTML, as at the top of a README."""
    after = identifiers.run(document("", "", links=("x", "x-1")), conversion("epub"))
    assert named(after) == ["x", "x-1"]
    assert [node["c"][2][0] for node in nodes(after, "Link")] == ["#x", "#x-1"]
    assert not after.notices
    assert named(identifiers.run(document(""), conversion("epub"))) == [""]


def test_many_of_one_name(conversion: Recipe) -> None:
    """To look for a free number from 2 on for each took 20,000 anchors the whole deadline."""
    after = identifiers.run(document(*["b"] * 20_000), conversion("epub"))
    assert named(after) == ["b", *(f"b-{number}" for number in range(2, 20_001))]
