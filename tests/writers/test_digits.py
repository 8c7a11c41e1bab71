"""Numbers of pages, lists and notes in the digits of the language."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pypdfium2
import pytest

from service.engines import Engines
from service.model.document import Artifact, Conversion, Source
from service.pipeline import steps

Recipe = Callable[..., Conversion]
TEXT = "---\ntitle: T\nlang: {}\n---\n\n# H\n\nWord[^a].\n\n5. one\n6. two\n\n[^a]: Note.\n"


def convert(lang: str, target: str, engines: Engines, conversion: Recipe, **options: object) -> Artifact:
    recipe = conversion(target, title_fields="none", **options)
    return steps.write(steps.read(Source("a.md", TEXT.format(lang).encode()), recipe, engines), recipe, target, engines)


@pytest.mark.parametrize(("lang", "shown"), [("fa", "۱۵۶"), ("ar-EG", "١٥٦"), ("mr", "१५६"), ("en", "156"), ("ar", "156")])
def test_a_pdf(lang: str, shown: str, engines: Engines, conversion: Recipe) -> None:
    made = convert(lang, "pdf", engines, conversion, toc=True, footer="{page}|{pages}")
    text = pypdfium2.PdfDocument(made.data)[0].get_textpage().get_text_range()
    assert set(shown) <= set(text)
    assert {each for each in text if each.isdigit()} == set(shown)


@pytest.mark.parametrize(("lang", "number", "rule"), [("fa", "۱", "persian"), ("bn", "১", "bengali"), ("de", "1", "")])
def test_an_epub(lang: str, number: str, rule: str, engines: Engines, conversion: Recipe) -> None:
    with zipfile.ZipFile(io.BytesIO(convert(lang, "epub", engines, conversion).data)) as book:
        text = book.read("EPUB/text/ch001.xhtml").decode()
        css = book.read("EPUB/styles/article.css").decode()
    assert text.count(f">{number}</a>") == 2
    assert (f"list-style-type: {rule}" in css) == bool(rule)
