"""metadata.yaml beside an article: over the front matter, under the request."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.model.document import Asset, Document, Source
from service.model.errors import InvalidFrontMatter
from service.pipeline import steps
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


def test_data_beside_an_article_is_no_article(engines: Engines, conversion: markups.Recipe) -> None:
    bundle = packed(("on lamps.md", ARTICLE), ("data.csv", b"a,b\n1,2\n"), ("LICENSE.txt", b"x"))
    assert steps.read(Source("a.zip", bundle), conversion("pdf"), engines).source.name == "on lamps.md"
