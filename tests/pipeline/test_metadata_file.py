"""metadata.yaml next to an article overrides the front matter, and the request overrides it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas import options
from service.conversion import driver
from service.engines import Engines
from service.input import articles
from service.model.document import Asset, Document, Source
from service.model.errors import InvalidFrontMatter
from service.model.formats import SUFFIXES
from service.pipeline import steps
from service.pipeline.collections import members
from tests.bad_inputs import packed
from tests.readers import markups

ARTICLE = b"---\ntitle: Of the article\nauthor: Ada Vogt\nshelf: 1\n---\n\nText.\n"


def read(name: str, data: bytes, engines: Engines, conversion: markups.Recipe, **options: object) -> Document:
    bundle = packed(("article.md", ARTICLE), (name, data))
    return steps.read(Source("a.zip", bundle), conversion("pdf", **options), engines)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("metadata.yaml", b"title: Of the file\nby: Li Wei\nrow: 2\n"),
        ("metadata.yml", b"---\ntitle: Of the file\nby: Li Wei\nrow: 2\n---\n"),
        ("metadata.json", b'{"title": "Of the file", "by": "Li Wei", "row": 2}'),
        ("metadata.toml", b'title = "Of the file"\nby = "Li Wei"\nrow = 2\n'),
    ],
)
def test_it_wins_over_the_article(engines: Engines, conversion: markups.Recipe, name: str, data: bytes) -> None:
    metadata = read(name, data, engines, conversion).metadata
    assert (metadata.title, [author.name for author in metadata.authors]) == ("Of the file", ["Li Wei"])
    assert metadata.custom == {"shelf": 1, "row": 2}


def test_the_request_wins_over_it(engines: Engines, conversion: markups.Recipe) -> None:
    document = read("metadata.yaml", b"title: Of the file\n", engines, conversion, metadata={"title": "Of the request"})
    assert (document.metadata.title, document.metadata.authors[0].name) == ("Of the request", "Ada Vogt")


def test_an_asset_of_that_name_does_it_too(engines: Engines, conversion: markups.Recipe) -> None:
    source = Source("a.md", ARTICLE, assets=(Asset("metadata.yaml", b"title: Of the file"),))
    assert steps.read(source, conversion("pdf"), engines).metadata.title == "Of the file"


def test_a_file_that_says_nothing_is_refused(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(InvalidFrontMatter):
        read("metadata.yaml", b"just words", engines, conversion)


def test_data_next_to_an_article_is_no_article(engines: Engines, conversion: markups.Recipe) -> None:
    bundle = packed(("on lamps.md", ARTICLE), ("data.csv", b"a,b\n1,2\n"), ("LICENSE.txt", b"x"))
    assert steps.read(Source("a.zip", bundle), conversion("pdf"), engines).source.name == "on lamps.md"


@pytest.mark.parametrize("name", ["a.md.metadata.json", "./a.md.metadata.json"])
def test_a_file_named_for_the_article_is_its_own(name: str, engines: Engines, conversion: markups.Recipe) -> None:
    own = Asset(name, b'{"title": "Of its own file", "author": null}')
    source = Source("folder/a.md", ARTICLE, assets=(own, Asset("metadata.yaml", b"title: Of the file")))
    metadata = steps.read(source, conversion("pdf"), engines).metadata
    assert (metadata.title, metadata.authors, metadata.custom) == ("Of its own file", (), {"shelf": 1})


def test_a_file_named_for_a_bundle_is_of_its_article(engines: Engines, conversion: markups.Recipe) -> None:
    own = Asset("a.zip.metadata.json", b'{"title": "Of its own file"}')
    bundle = Source("a.zip", packed(("on lamps.md", ARTICLE), ("metadata.yaml", b"title: Of the file")), assets=(own,))
    assert steps.read(bundle, conversion("pdf"), engines).metadata.title == "Of its own file"


def test_each_of_several_articles_has_its_own(engines: Engines) -> None:
    """In an archive, and sent as an asset; no other article takes it, not one of that name in another folder."""
    files = {"a.md": ARTICLE, "b/a.md": ARTICLE, "b/a.md.metadata.yaml": b"title: Of its own file"}
    found = members.split(Source("all.zip", packed(*files.items())), engines.settings, SUFFIXES)
    own = Asset("a.md.metadata.json", b'{"title": "Sent"}')
    sources = [articles.only_named(each, [own], []) for each in found]
    titles = [steps.read(each, options.load(("pdf",), {}), engines).metadata.title for each in sources]
    assert titles == ["Sent", "Of its own file"]


@pytest.mark.parametrize("name", ["b.md.metadata.json", "c2/b.md.metadata.json"])
def test_a_chapter_of_a_book_has_its_own(name: str, engines: Engines) -> None:
    chapters = driver.gather([Source("a.md", ARTICLE), Source("b.md", ARTICLE)])
    source = replace(chapters, assets=(Asset(name, b'{"title": "Of its own file"}'),))
    book = steps.read(source, options.load(("pdf",), {"combine": True}), engines)
    assert [each["metadata"]["title"] for each in book.chapters] == ["Of the article", "Of its own file"]
