"""Every element of HTML, current and obsolete, in every place: each letter is in the document or in a notice.

The names are those of the HTML Standard's index of elements and of its section on obsolete ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.ast.html import elements
from service.engines import Engines
from service.model.document import Conversion, Source
from service.pipeline import steps
from tests.readers import office

CURRENT = """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col colgroup data
datalist dd del details dfn dialog div dl dt em embed fencedframe fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe img input ins kbd label legend li link main map mark math menu meta meter nav noscript object ol
optgroup option output p picture pre progress q rp rt ruby s samp script search section select selectedcontent slot small source
span strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track u ul var video wbr
"""
OBSOLETE = """
acronym applet basefont bgsound big blink center command content dir element font frame frameset image isindex keygen layer
listing marquee menuitem multicol nextid nobr noembed noframes param plaintext rb rtc shadow spacer strike tt xmp
"""
NAMES = (*CURRENT.split(), *OBSOLETE.split(), "amp-img", "amp-video", "my-card")
WORDS = ("alpha", "bravo", "charlie", "delta")

PAGES = {
    "in a sentence": "<p>alpha <{0}>bravo</{0}> charlie</p><p>delta</p>",
    "between blocks": "<div>alpha</div>\n<{0}>bravo</{0}>\n<div>charlie</div><p>delta</p>",
    "never closed": "<div>alpha <{0}>bravo</div><div>charlie</div><p>delta</p>",
    "closed by itself": "<p>alpha <{0}/>bravo charlie</p><p>delta</p>",
    "in an item": "<ul><li>alpha <{0}>bravo</{0}> charlie<li>delta</ul>",
    "in a list": "<ol>alpha<{0}>bravo</{0}><li>charlie</ol><p>delta</p>",
    "in a definition": "<dl><dt>alpha<{0}>bravo</{0}><dd>charlie <{0}>x</{0}></dl><p>delta</p>",
    "in a cell": "<table><tr><td>alpha <{0}>bravo</{0}> charlie<td>delta</table>",
    "in a row": "<table><tr>alpha<{0}>bravo</{0}><td>charlie</table>delta",
    "in a heading": "<p>alpha</p><h2>bravo <{0}>charlie</{0}> delta</h2>",
    "in code": "<p>alpha</p><pre>bravo <{0}>charlie</{0}> delta</pre>",
    "in a link": "<p>alpha</p><a href=x>bravo <{0}>charlie</{0}> delta</a>",
    "in a figure": "<p>alpha</p><figure>bravo<{0}>charlie</{0}><figcaption>delta</figcaption></figure>",
    "around blocks": "<p>alpha</p><{0}><p>bravo</p><ul><li>charlie</ul></{0}><p>delta</p>",
    "in itself": "<p>alpha</p><{0}>bravo<{0}>charlie</{0}></{0}><p>delta</p>",
}
TEXTS = {
    "in a sentence": "alpha <{0}>bravo</{0}> charlie\n\ndelta",
    "with an attribute": "alpha <{0} class=x>bravo *charlie*</{0}> delta",
    "in an item": "- alpha <{0}>bravo</{0}> charlie\n- delta",
    "in a cell": "| a | b |\n|---|---|\n| alpha <{0}>bravo</{0}> charlie | delta |",
    "around blocks": "alpha\n\n<{0}>\n\nbravo *charlie*\n\n</{0}>\n\ndelta",
    "as a paragraph": "alpha\n\n<{0}>bravo</{0}>\n\ncharlie\n\ndelta",
    "never closed": "alpha\n\n<{0} id=x>\n\nbravo *charlie*\n\ndelta",
    "never closed, with text": "alpha\n\n<{0} id=x>bravo\n\n*charlie*\n\n- delta",
    "open in a sentence": "alpha <{0} id=x> bravo *charlie* delta",
    "in a paragraph of HTML": "<p>alpha <{0}>bravo</{0}>\n\n*charlie*\n\n</p>delta",
    "in an item of blocks": "- alpha\n\n  <{0}>\n\n  bravo *charlie*\n\n  </{0}>\n\n- delta",
}


def strings(part: Any) -> Iterator[str]:
    """All text of an AST."""
    if isinstance(part, dict):
        if part.get("t") == "Str":
            yield part["c"]
        elif part.get("t") in ("Code", "CodeBlock", "Math"):
            yield part["c"][1]
        else:
            for each in part.values():
                yield from strings(each)
    elif isinstance(part, list):
        for each in part:
            yield from strings(each)


def check(name: str, text: str | bytes, engines: Engines, recipe: Conversion) -> None:
    data = text.encode() if isinstance(text, str) else text
    document = steps.read(Source(name, data), recipe, engines)
    shown = " ".join(strings(list(document.blocks)))
    notices = json.dumps([[each.message, each.data] for each in document.notices])
    for word in WORDS:
        assert word in shown or word in notices, (word, text, shown)
        assert shown.count(word) < 2, (word, text, shown)
    assert "x-node" not in shown


def test_the_table_knows_every_element() -> None:
    assert {*CURRENT.split(), *OBSOLETE.split()} <= elements.KNOWN


@pytest.mark.parametrize("place", PAGES)
def test_in_a_page(place: str, engines: Engines, conversion: Callable[..., Conversion]) -> None:
    for name in NAMES:
        page = f"<!DOCTYPE html><html><head><title>T</title></head><body>{PAGES[place].format(name)}</body></html>"
        check("a.html", page, engines, conversion("epub"))


@pytest.mark.parametrize("place", PAGES)
def test_in_a_chapter(place: str, engines: Engines, conversion: Callable[..., Conversion]) -> None:
    """By an XML parser where the chapter is well-formed, else as browsers read it."""
    for name in NAMES:
        check("a.epub", office.book(PAGES[place].format(name)), engines, conversion("epub"))


@pytest.mark.parametrize("place", TEXTS)
def test_in_markdown(place: str, engines: Engines, conversion: Callable[..., Conversion]) -> None:
    for name in NAMES:
        check("a.md", "# T\n\n" + TEXTS[place].format(name), engines, conversion("epub"))
