"""The fields under the title: the profile's, some by name, or all but some."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schemas import options
from service.engines import Engines
from service.model import title_fields
from service.model.document import Author, Conversion, Document, Metadata, Source
from service.model.errors import ValidationFailed
from service.passes import abstract
from service.writers import docx, epub, html
from tests.writers.docx.conftest import Opened

Recipe = Callable[..., Conversion]


ARTICLE = (
    "subtitle", "authors", "affiliations", "source_name", "series", "date", "modified", "source_url", "doi", "license",
    "fetched_at", "abstract",
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("none", ()),
        ("date, authors", ("authors", "affiliations", "date")),
        ("authors,-affiliations", ("authors",)),
        ("source-url", ("source_url",)),
        ("-license,-abstract,-source-name", tuple(
            name for name in ARTICLE if name not in {"license", "abstract", "source_name"}
        )),
        ("", ARTICLE),
    ],
)  # fmt: skip
def test_fields_by_name(conversion: Recipe, asked: str, shown: tuple[str, ...]) -> None:
    assert title_fields.of(conversion("pdf", title_fields=asked)) == shown


@pytest.mark.parametrize("asked", ["title", "date,none", "-licence"])
def test_an_unknown_field_is_refused(asked: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        options.load(("pdf",), {"title_fields": asked})
    assert "title_fields" in str(caught.value.places)


METADATA = Metadata(
    title="A study", subtitle="On things", authors=(Author("Ann Lee", affiliation="University of X"),), date="2024-03-04",
    abstract="Nothing is lost.", doi="10.1000/xyz", lang="en",
)  # fmt: skip


@pytest.mark.parametrize(("asked", "there"), [("", True), ("authors", False)])
def test_every_format_shows_them(conversion: Recipe, engines: Engines, asked: str, there: bool) -> None:
    recipe = conversion("html", title_fields=asked)
    document = abstract.run(Document(METADATA, (), Source("a.md", b"")), recipe)
    page = html.write(document, recipe, engines).data.decode().partition("<body")[2]
    word = Opened(docx.write(document, recipe, engines).data).parts["word/document.xml"].decode()
    book = Opened.read(epub.write(document, recipe, engines).data)["EPUB/text/ch001.xhtml"].decode()
    for text in (page, word, book):
        assert "University of X" in text
        assert all((words in text) is there for words in ("On things", "4 March 2024", "10.1000/xyz", "Nothing is lost."))
