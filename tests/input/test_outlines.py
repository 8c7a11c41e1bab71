"""The addresses of feeds in an OPML file, found without a parser."""

from __future__ import annotations

import orjson
import pytest

from service.input import feeds
from service.input.feeds import outlines
from tests.input.test_feeds import ATOM

A, B = "https://a.example/feed?x=1&y=2", "http://b.example/rss"


def test_addresses_in_their_order_each_once() -> None:
    data = f"""<?xml version="1.0"?><!-- from a reader --><opml version="1.0"><body>
    <outline text="News"><outline xmlUrl="{A.replace("&", "&amp;")}" type="rss"/></outline><outline xmlUrl = '{B}'/>
    <!-- <outline xmlUrl="https://gone.example/feed"/> --><outline xmlUrl="{B}"/><outline xmlUrl="file:///etc/passwd"/>
    <outline text="no address" xmlUrl=""/></body></opml>""".encode()
    assert outlines.is_outline(data)
    assert outlines.feeds_of(data) == [A, B]


@pytest.mark.parametrize("data", [b"", b"<html>", b"<rss><opml>", b"opml", b"<opmlx>"])
def test_other_files_are_not_outlines(data: bytes) -> None:
    assert not outlines.is_outline(data)
    assert not feeds.is_feed(b"<opml version='2.0'><body/></opml>")


def test_a_feed_without_anything_new_is_left_out() -> None:
    new = ATOM.encode().replace(b"2024", b"2031")
    files = {"001/old.xml": ATOM.encode(), "002/new.xml": new, feeds.ORDER: orjson.dumps(["001/old.xml", "002/new.xml"])}
    placed = feeds.placed(files, "2030-01-01")
    assert all(name.startswith("002/") for name in orjson.loads(placed[feeds.ORDER]))
    both = feeds.placed(files, "")
    assert len(orjson.loads(both[feeds.PARTS])) == 2
