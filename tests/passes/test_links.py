"""Relative links find their way; what could run or reach for files becomes text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.model.document import Asset, Conversion, Document, Metadata, Source
from service.passes import links
from tests.passes.conftest import Make, codes, nodes, said

Recipe = Callable[..., Conversion]
BASE = "https://lamps.example/a/b?x=1"


def target(url: str, conversion: Conversion, base: str = BASE) -> str | None:
    """Where a link to `url` leads after the pass; None when it became text."""
    block = pandoc_ast.para([pandoc_ast.link([pandoc_ast.string("text")], url)])
    after = links.run(Document(Metadata(source_url=base), (block,), Source("a.md", b"")), conversion)
    assert "text" in said(after)
    found = nodes(after, "Link")
    return found[0]["c"][2][0] if found else None


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("../c", "https://lamps.example/c"),
        ("/d?e#f", "https://lamps.example/d?e#f"),
        ("?y=2", "https://lamps.example/a/b?y=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://other.example/é x", "https://other.example/é%20x"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("tel:+123", "tel:+123"),
        ('"扫一扫"', "https://lamps.example/a/%22扫一扫%22"),
        ("https://other.example/a](b){c}|d", "https://other.example/a%5D(b)%7Bc%7D%7Cd"),
        ("https://other.example/100%", "https://other.example/100%25"),
        ("https://other.example/a%20b?c=[1]#d", "https://other.example/a%20b?c=%5B1%5D#d"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("#part", "#part"),
        (f"{BASE}#part", "#part"),
    ],
)
def test_kept(conversion: Recipe, url: str, absolute: str) -> None:
    assert target(url, conversion("pdf")) == absolute


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x", "JaVaScRiPt:x", "java\nscript:x", "\x01javascript:x", " javascript:x",
        "java\u200bscript:x", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "ftp://x.example/",
        "\\\\server\\share",
        "http://[::1", "http://", "https:///path", "",
    ],
)  # fmt: skip
def test_removed(conversion: Recipe, url: str) -> None:
    assert target(url, conversion("pdf")) is None


def test_relative_link_without_a_base_becomes_text(conversion: Recipe) -> None:
    assert target("../c", conversion("pdf"), base="") is None


def test_upload_wins_over_the_web(read: Make, conversion: Recipe) -> None:
    document = read("![x](./img/a%20b.png) ![y](img/c.png)", assets=(Asset("img/a b.png", b"x"),), source_url=BASE)
    urls = [node["c"][2][0] for node in nodes(links.run(document, conversion("pdf")), "Image")]
    assert urls == ["./img/a%20b.png", "https://lamps.example/a/img/c.png"]


def test_both_are_reported(read: Make, conversion: Recipe) -> None:
    after = links.run(read("[a](b) [c](javascript:d)", source_url=BASE), conversion("pdf"))
    assert codes(after) == ["link-resolved", "link-removed"]
    assert after.notices[1].data["removed"] == [{"url": "javascript:d"}]
