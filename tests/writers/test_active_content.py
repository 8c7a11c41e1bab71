"""No artifact of any article contains code that runs or external requests, in the eyes of other programs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest

from service.engines import Engines
from service.model.document import Conversion, Source
from service.pipeline import steps
from service.readers import READERS
from service.writers import WRITERS
from tests import active, hostile

Recipe = Callable[..., Conversion]


@pytest.fixture(scope="module", autouse=True)
def every_reader_has_its_hostile_article() -> None:
    assert hostile.SOURCES.keys() == READERS.keys()


@pytest.mark.parametrize("dialect", ["auto", "gfm", "commonmark_x", "markdown"])
@pytest.mark.parametrize("to", WRITERS)
def test_markdown(engines: Engines, conversion: Recipe, to: str, dialect: str) -> None:
    check(engines, conversion(to, dialect=dialect, math="on", toc=True), to, "markdown")


@pytest.mark.parametrize("to", WRITERS)
@pytest.mark.parametrize("reader", [name for name in READERS if name != "markdown"])
def test_others(engines: Engines, conversion: Recipe, to: str, reader: str) -> None:
    check(engines, conversion(to, clean="none"), to, reader)


def check(engines: Engines, recipe: Conversion, to: str, reader: str) -> None:
    name, make = hostile.SOURCES[reader]
    document = steps.read(Source(name, make()), recipe, engines)
    assert document.blocks
    data = steps.write(document, recipe, to, engines).data
    if to == "markdown":  # what it says, to a reader that takes raw HTML and attributes for what they are
        body = data.decode().partition("\n---\n")[2] or data.decode()
        data, _ = engines.pandoc.read(body, "commonmark_x-yaml_metadata_block")
    look = active.LOOKS["ast" if to == "markdown" else to]
    assert list(look(data)) == []


@pytest.mark.parametrize("to", active.LOOKS)
def test_the_look_finds_what_is_there(to: str) -> None:
    assert list(active.LOOKS[to](GUILTY[to]()))


def _guilty_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(out)
    return out.getvalue()


GUILTY: dict[str, Callable[[], bytes]] = {
    "pdf": _guilty_pdf,
    "epub": lambda: hostile.epub('<html><body onload="alert(1)"/></html>'),
    "docx": hostile.docx,
    "html": hostile.HTML.encode,
    "ast": lambda: b'{"blocks": [{"t": "RawBlock", "c": ["html", "<p><script>x</script></p>"]}]}',
}
