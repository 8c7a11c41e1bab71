"""Options in the key `colophon` of the front matter and in `colophon.yaml`: allowed ones, under those of the request."""

from __future__ import annotations

import io

import pikepdf
import pytest

from schemas import options
from service.containers.packages import pack
from service.engines import Engines
from service.model import codec
from service.model.document import Asset, Conversion, Document, Source
from service.model.settings import Settings
from service.pipeline import author_options, steps
from service.pipeline.collections import members

TEXT = "---\ntitle: T\nlang: en\ncolophon:\n{}\n---\n\nText.\n"


def read(lines: str, engines: Engines, conversion: Conversion, *assets: Asset) -> Document:
    front = "\n".join(f"  {line}" for line in lines.split("; "))
    return steps.read(Source("a.md", TEXT.format(front).encode(), assets=assets), conversion, engines)


def reported(document: Document) -> list[str]:
    return [each.message for each in document.notices if each.code == "author-option-ignored"]


def width(document: Document, conversion: Conversion, engines: Engines) -> int:
    with pikepdf.open(io.BytesIO(steps.write(document, conversion, "pdf", engines).data)) as pdf:
        return round(float(pdf.pages[0].mediabox[2]))


def test_the_author_chooses(engines: Engines) -> None:
    conversion = options.load(("pdf",), {})
    document = read("paper: a5; toc-depth: 2; number_sections: true", engines, conversion)
    chosen = author_options.of(document, conversion)
    assert (chosen.paper, chosen.toc_depth, chosen.number_sections) == ("a5", 2, True)
    assert reported(document) == [] and width(document, conversion, engines) == 420
    assert document.metadata.custom["colophon"]["paper"] == "a5"  # nothing of the front matter is lost


def test_the_request_wins(engines: Engines) -> None:
    conversion = options.load(("pdf",), {"paper": "a4", "toc": False})
    chosen = author_options.of(read("paper: a5; toc: true; font_size: 14", engines, conversion), conversion)
    assert (chosen.paper, chosen.toc, chosen.font_size) == ("a4", False, "14")


def test_the_request_crosses_to_the_worker_with_what_it_set() -> None:
    conversion = options.load(("pdf",), {"toc": False})
    assert codec.unpack_conversion(codec.pack_conversion(conversion)).given == {"toc"}
    assert codec.pack_conversion(conversion) != codec.pack_conversion(options.load(("pdf",), {}))  # the key of the cache


def test_a_profile_brings_its_defaults(engines: Engines) -> None:
    conversion = options.load(("pdf",), {})
    chosen = author_options.of(read("profile: book", engines, conversion), conversion)
    assert chosen.as_dict() == options.load(("pdf",), {"profile": "book"}).as_dict()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("papre: a5", "Unknown option 'papre'; did you mean 'paper'?"),
        ("css: 'p {}'", "The option 'css' cannot be set in a text."),
        ("strict: false", "The option 'strict' cannot be set in a text."),
        ("toc_depth: 99", "The option 'toc_depth'"),
        ("profile: ../../etc", "profile"),
        ("margin: 90cm", "margin"),
    ],
)
def test_what_is_not_taken_is_reported(engines: Engines, line: str, message: str) -> None:
    conversion = options.load(("pdf",), {})
    document = read(f"paper: a5; {line}", engines, conversion)
    assert len(reported(document)) == 1 and message in reported(document)[0]


def test_a_key_of_that_name_that_is_text_is_a_field(engines: Engines) -> None:
    conversion = options.load(("pdf",), {})
    document = steps.read(Source("a.md", b"---\ntitle: T\ncolophon: Set in Garamond\n---\n\nText."), conversion, engines)
    assert reported(document) == [] and author_options.of(document, conversion) == conversion


def test_a_file_next_to_the_article_is_under_the_front_matter(engines: Engines) -> None:
    conversion = options.load(("pdf",), {})
    file = Asset("colophon.yaml", b"paper: a6\ntoc: true\nsecret: 1\n")
    document = read("paper: a5", engines, conversion, file)
    chosen = author_options.of(document, conversion)
    assert (chosen.paper, chosen.toc) == ("a5", True) and len(reported(document)) == 1


@pytest.mark.parametrize("folder", ["", "site/"])
def test_a_book_has_the_options_of_its_collection(engines: Engines, folder: str) -> None:
    conversion = options.load(("pdf",), {"combine": True})
    files = {"colophon.yaml": b"paper: a5\nwrong: 1\n", "a.md": b"# A\n\nText.", "b.md": b"# B\n\nText."}
    book = steps.read(Source("a.zip", pack({folder + name: data for name, data in files.items()})), conversion, engines)
    assert len(reported(book)) == 1 and width(book, conversion, engines) == 420


def test_articles_of_an_archive_have_the_nearest_file() -> None:
    files = {"colophon.yaml": b"paper: a5", "x/colophon.yaml": b"paper: a6", "x/a.md": b"A", "y/b.md": b"B"}
    found = members.split(Source("a.zip", pack(files)), Settings(), {".md"})
    assert [author_options.among(each.assets) for each in found] == [{"paper": "a6"}, {"paper": "a5"}]
