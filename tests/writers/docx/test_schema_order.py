"""Properties are in the order of the schema, each once; identifiers of bookmarks are unique; a cell ends with a paragraph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document
from service.writers import docx
from service.writers.docx.body import w
from service.writers.docx.schema_order import ORDER, PLACES
from tests.writers.conftest import TORTURE
from tests.writers.docx.conftest import Opened

PARTS = ("word/document.xml", "word/footnotes.xml", "word/styles.xml")
MORE = """
**bold __bold__**

::: {.tip .callout}
::: title
Tip
:::
- one

```sh
two
```
:::

| a[^x] | b[^x] |
|---|---|
| ![](colophon.png) | ::: |

[^x]: Note.
"""


@pytest.fixture(params=["ltr", "rtl"])
def made(request: pytest.FixtureRequest, opened: Callable[..., Opened]) -> Opened:
    return opened(TORTURE + MORE, "ar" if request.param == "rtl" else "en", toc=True)


def test_order(made: Opened) -> None:
    for part in PARTS:
        top = etree.fromstring(made.parts[part])
        for group in ORDER:
            for look in top.iter(w(group)):
                places = [PLACES[group][each.tag] for each in look]
                assert places == sorted(set(places)), etree.tostring(look)


def test_bookmarks_and_cells(made: Opened) -> None:
    starts, ends = (
        sorted(each.get(w("id"), "") for each in made.body.iter(w(name))) for name in ("bookmarkStart", "bookmarkEnd")
    )
    assert starts == ends and len(set(starts)) == len(starts)
    assert all(cell[-1].tag == w("p") for cell in made.body.iter(w("tc")))


def test_the_reference_documents_keep_the_order(
    torture: Document, conversion: Callable[..., Conversion], engines: Engines
) -> None:
    for profile in ("article", "book", "report"):
        styles = Opened(docx.write(torture, conversion("docx", profile=profile), engines).data).parts["word/styles.xml"]
        for look in etree.fromstring(styles).iter(w("pPr")):
            places = [PLACES["pPr"][each.tag] for each in look]
            assert places == sorted(set(places)), etree.tostring(look)
