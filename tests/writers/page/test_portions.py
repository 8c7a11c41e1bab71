"""A body that pandoc writes in portions is the one that it writes in one piece."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.model.errors import EngineCrashed
from service.writers import page
from service.writers.page import chunks

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
TEXT = """\
Before all[^a], and `code`{.python}.

```python
first = 1
```

[^a]: Note one.

## One[^b] {#one}

### Under one

$x^2$ and [a line](#cb5-1).

```
plain
```

[^b]: Note with code:

    ```c
    int x;
    ```

## Two {.unnumbered}

| a[^c] | b |
|---|---|
| c | d |

```{.python #mine}
b = 1
```

[^c]: Note three.

## Three

```python
third = 3
last = 4
```

~~~ {.numberLines startFrom=4}
counted
~~~

![A picture](https://x.example/a.png)

- [ ] item

## Four

### Under four

Text[^d] and again[^e], see [the first](#fn1).

[^d]: Four.

[^e]: Five.
"""
AFTER_FRONT, BEFORE_LAST = TEXT.index("## One"), TEXT.index("## Four")


@pytest.fixture
def make_document(engines: Engines) -> Make:
    def make(text: str) -> Document:
        data, _ = engines.pandoc.read(text, "markdown")
        return Document(Metadata(title="A"), tuple(pandoc_ast.loads(data)), Source("a.md", text.encode()), "markdown")

    return make


@pytest.fixture
def cut_often(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda smallest: monkeypatch.setattr(chunks, "SMALLEST", smallest)


def built(document: Document, conversion: Conversion, engines: Engines) -> tuple[bytes, bytes, int]:
    """Body, contents, and how many portions they were written in."""
    growing = page.begin(document, conversion, engines)
    count = sum(1 for _ in growing)
    toc = growing.page.toc
    return etree.tostring(growing.page.body), b"" if toc is None else etree.tostring(toc), count


@pytest.mark.parametrize("options", [{}, {"toc": True, "number_sections": True}, {"toc": True, "highlight_style": "none"}])
@pytest.mark.parametrize("text", [TEXT, TEXT[AFTER_FRONT:], TEXT[:BEFORE_LAST]])
def test_as_in_one_piece(
    make_document: Make,
    conversion: Convert,
    engines: Engines,
    cut_often: Callable[[int], None],
    options: dict[str, object],
    text: str,
) -> None:
    document, asked = make_document(text), conversion("pdf", **options)
    body, contents, count = built(document, asked, engines)
    assert count == 1 and (b"Three" in contents) == ("toc" in options)
    for smallest in (1, 700, 1500):
        cut_often(smallest)
        in_portions = built(document, asked, engines)
        assert in_portions[2] > 1
        assert in_portions[:2] == (body, contents)


def test_headings_within_blocks_are_left_to_pandoc(make_document: Make, cut_often: Callable[[int], None]) -> None:
    cut_often(1)
    blocks = list(make_document("## A\n\na\n\n## B\n\nb\n").blocks)
    lifted = [{**each, "c": [1, *each["c"][1:]]} if each["t"] == "Header" else each for each in blocks]
    assert len(chunks.cut(lifted)) == 2
    within = pandoc_ast.div([pandoc_ast.header(1, [pandoc_ast.string("C")])])
    assert len(chunks.cut([*lifted, within])) == 1


def test_small_chapters_share_a_portion(cut_often: Callable[[int], None]) -> None:
    chapter = [pandoc_ast.header(1, [pandoc_ast.string("A")]), pandoc_ast.para([pandoc_ast.string("a" * 100)])]
    cut_often(10 * len(pandoc_ast.dumps(chapter)))
    found = chunks.cut(chapter * 35)
    assert 3 <= len(found) <= 4
    assert [each.chapters for each in found] == [
        sum(len(pandoc_ast.loads(one.ast)) // 2 for one in found[:n]) for n in range(len(found))
    ]


def test_a_page_left_in_the_middle_does_not_spoil_the_next(
    make_document: Make, conversion: Convert, engines: Engines, cut_often: Callable[[int], None]
) -> None:
    document, asked = make_document(TEXT), conversion("pdf")
    whole = built(document, asked, engines)[0]
    cut_often(1)
    assert next(iter(page.begin(document, asked, engines)))
    assert built(document, asked, engines)[0] == whole


def test_what_pandoc_refuses_is_an_error(
    make_document: Make, conversion: Convert, engines: Engines, cut_often: Callable[[int], None]
) -> None:
    cut_often(1)
    document = make_document(TEXT)
    document.blocks[-1]["t"] = "Unheard"
    with pytest.raises(EngineCrashed):
        page.build(document, conversion("pdf"), engines)
