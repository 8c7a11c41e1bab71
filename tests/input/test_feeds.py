"""Feeds as archives of articles: what each format says, names that stay, and what is new since a date."""

from __future__ import annotations

import json

import pytest

from service.input import feeds
from service.model.errors import ColophonError, InvalidDocument, NoArticle, TooComplex

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://harbour.example/">
<title type="html">Harbour &amp;amp; pier</title><subtitle>News of the quay</subtitle><author><name>Ida Quist</name></author>
<link href="https://harbour.example/"/><link rel="self" href="/feed.atom"/><id>tag:harbour.example,2024:feed</id>
<entry><title type="html">The &lt;i&gt;new&lt;/i&gt; crane</title><id>tag:harbour.example,2024:crane</id><link href="2024/crane"/>
<published>2024-05-02T08:00:00Z</published><updated>2024-05-04T08:00:00+02:00</updated>
<author><name>Bo Chen</name></author><author><name>Ann Lee</name></author>
<category term="cranes" label="Cranes"/><category term="quay"/><summary>A crane is here.</summary>
<content type="html">&lt;p&gt;The crane lifts &lt;b&gt;nine&lt;/b&gt; tonnes.&lt;/p&gt;</content></entry>
<entry><title>Low water</title><id>tag:harbour.example,2024:low</id><link rel="alternate" href="https://harbour.example/low"/>
<updated>2024-06-01T06:30:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Before <p>The <em>tide</em> is out.</p> after</div></content>
</entry></feed>"""
RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Quay&nbsp;notes</title><link>https://quay.example</link><description>Notes &amp; tides</description>
<language>en-gb</language><copyright>2024 Quay</copyright>
<item><title>Ropes &amp; knots</title><link>https://quay.example/ropes</link><guid isPermaLink="false">7</guid>
<pubDate>Tue, 04 Mar 2025 10:00:00 +0100</pubDate><dc:creator>Cy Moor</dc:creator><category>Ropes, old</category>
<description>Short.</description><content:encoded><![CDATA[<p>A bowline holds & is easily undone.</p>]]></content:encoded></item>
<item><title>Summary only</title><guid>https://quay.example/s</guid><author>a@quay.example (Dee Pike)</author>
<description>&lt;p&gt;Only this is in the feed &amp;mdash; no more.&lt;/p&gt;</description></item>
</channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://old.example/"><title>Old</title>
<link>https://old.example/</link></channel><item rdf:about="https://old.example/1"><title>One</title>
<link>https://old.example/1</link><dc:date>2003-02-01</dc:date><description>First.</description></item></rdf:RDF>"""
JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Lamp", "home_page_url": "https://lamp.example/", "language": "de",
    "authors": [{"name": "Eva Stern"}],
    "items": [
        {"id": 12, "url": "https://lamp.example/12", "title": "Docht", "content_html": "<p>Der Docht brennt.</p>",
         "date_published": "2024-01-05T10:00:00Z", "tags": ["Öl", "Docht"]},
        {"id": "13", "content_text": "Ohne Titel.\n\nZwei < drei.", "authors": [{"name": "Uwe Kai"}]},
    ],
}).encode()  # fmt: skip


def pages(text: str | bytes, since: str = "") -> dict[str, str]:
    found = feeds.unpacked(text if isinstance(text, bytes) else text.encode(), since)
    assert found is not None
    return {name: found.files[name].decode() for name in found.articles}


def test_atom() -> None:
    (crane, low), names = pages(ATOM).values(), list(pages(ATOM))
    assert "<title>The new crane</title>" in crane and "<b>nine</b> tonnes" in crane
    for name, value in [
        ("author", "Bo Chen"), ("author", "Ann Lee"), ("article:published_time", "2024-05-02T08:00:00Z"),
        ("article:modified_time", "2024-05-04T08:00:00+02:00"), ("og:url", "https://harbour.example/2024/crane"),
        ("og:site_name", "Harbour &amp; pier"), ("dc.identifier", "tag:harbour.example,2024:crane"),
        ("keywords", "Cranes, quay"), ("description", "A crane is here."),
    ]:  # fmt: skip
        assert f'<meta name="{name}" content="{value}">' in crane
    assert '<html lang="en">' in low
    assert "Before <p>The <em>tide</em> is out.</p> after" in low
    assert 'content="Ida Quist"' in low  # the author of the feed
    assert names[0].startswith("2024-05-02-crane-") and names[1].startswith("low-")


def test_rss() -> None:
    ropes, summary = pages(RSS).values()
    assert "<title>Ropes &amp; knots</title>" in ropes and "A bowline holds & is easily undone." in ropes
    assert 'content="2025-03-04T10:00:00+01:00"' in ropes and 'content="Cy Moor"' in ropes
    assert 'content="Ropes  old"' in ropes and 'content="2024 Quay"' in ropes and 'content="Short."' in ropes
    assert "Only this is in the feed" in summary and 'content="Dee Pike"' in summary
    assert '<meta name="og:url" content="https://quay.example/s">' in summary
    found = feeds.unpacked(RSS.encode())
    assert found is not None and found.summaries == 1
    assert found.feed.title == "Quay notes" and found.feed.lang == "en-gb"


def test_rss_1() -> None:
    ((name, page),) = pages(RDF).items()
    assert name.startswith("2003-02-01-1-") and "First." in page


def test_json_feed() -> None:
    wick, untitled = pages(JSON).values()
    assert "Der Docht brennt." in wick and 'content="Eva Stern"' in wick and 'content="Öl, Docht"' in wick
    assert "<p>Zwei &lt; drei.</p>" in untitled and "<title>" not in untitled and 'content="Uwe Kai"' in untitled


def test_a_feed_in_another_encoding() -> None:
    text = RSS.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="windows-1252"?>').replace("Cy Moor", "Zoë Moor")
    assert 'content="Zoë Moor"' in next(iter(pages(text.encode("windows-1252")).values()))


@pytest.mark.parametrize("change", [("The &lt;i&gt;new", "The old"), ("nine", "ten"), ("2024-05-04", "2024-05-09")])
def test_an_entry_keeps_its_name(change: tuple[str, str]) -> None:
    assert list(pages(ATOM)) == list(pages(ATOM.replace(*change)))


@pytest.mark.parametrize(
    ("since", "titles"),
    [
        ("2024-05-04", ["The new crane", "Low water"]),  # an entry counts by its last change
        ("2024-05-04T06:00:00Z", ["The new crane", "Low water"]),
        ("2024-05-04T06:00:01Z", ["Low water"]),
        ("2024-06-01", ["Low water"]),
    ],
)
def test_since(since: str, titles: list[str]) -> None:
    assert [page.partition("<title>")[2].partition("</title>")[0] for page in pages(ATOM, since).values()] == titles
    found = feeds.unpacked(ATOM.encode(), since)
    assert found is not None and found.left_out == 2 - len(titles)


def test_nothing_new() -> None:
    with pytest.raises(NoArticle, match="no entry since 2030-01-01"):
        feeds.unpacked(ATOM.encode(), "2030-01-01")


def test_an_entry_without_a_date_is_always_new() -> None:
    assert len(pages(RSS, "2025-03-05")) == 1


def test_entries_that_are_one() -> None:
    assert len(pages(RSS.replace("https://quay.example/s</guid>", "7</guid>"))) == 1


@pytest.mark.parametrize(
    ("data", "kind", "line"),
    [
        (b"<rss><channel>\n<title>a</channel></rss>", InvalidDocument, 2),
        (b"<rss>\n" + b"<a>" * 5_000, TooComplex, 2),
    ],
)
def test_broken_feeds(data: bytes, kind: type[ColophonError], line: int) -> None:
    with pytest.raises(kind) as caught:
        feeds.unpacked(data)
    assert caught.value.places[0].line == line


def test_a_feed_that_declares_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<rss><channel><title>&b;</title></channel></rss>'
    assert feeds.unpacked(bomb) is None  # it is left to the readers, and none reads it


def test_a_json_feed_without_items() -> None:
    with pytest.raises(InvalidDocument, match="items"):
        feeds.unpacked(b'{"version": "https://jsonfeed.org/version/1", "title": "a"}')


@pytest.mark.parametrize("data", [b"# A text", b"<html><body>a</body></html>", b'{"a": 1}', b"<article/>", b"", b"PK\x03\x04"])
def test_no_feeds(data: bytes) -> None:
    assert not feeds.is_feed(data)
    assert feeds.unpacked(data) is None
