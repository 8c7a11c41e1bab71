"""Tables in the structure of a PDF, as pikepdf and veraPDF see them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from service.engines.weasyprint import rendering
from tests.writers.test_pdf_variants import failures

ROW_HEADS = "<table><tbody><tr><th>Name</th><td>a</td></tr><tr><th>Place</th><td>b</td></tr></tbody></table>"
COLUMN_HEADS = "<table><thead><tr><th>Name</th><th>Place</th></tr></thead><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
HEADS_ALONE = "<table><thead><tr><th>Name</th><th>Place</th></tr></thead></table>"
BOTH = (
    "<table><thead><tr><th>x</th><th>2024</th></tr></thead><tbody><tr><th rowspan=2>North</th><td>1</td></tr><tr><td>2</td></tr>"
    "</tbody></table>"
)
NESTED = f"<table><tr><td>outer</td><td>{ROW_HEADS}</td></tr></table>"
LINES = "<br>".join(f"line {number}" for number in range(120))
TALL = f"<table><thead><tr><th>{LINES}</th></tr></thead><tbody><tr><td>{LINES}{BOTH}</td></tr></tbody></table>"
BLOCKS = "<style>.b, .b tr, .b td { display: block }</style>" + BOTH.replace("<table", "<table class=b")
ROWS = "".join(f"<tr><td rowspan=3>{n}</td><td>a</td></tr><tr><td>b</td></tr><tr><td>c<br>d<br>e</td></tr>" for n in range(40))
SPANNING = f"<table><tbody>{ROWS}</tbody></table>"
UNEVEN = (
    "<table><tr><td colspan=4>a</td></tr><tr><td rowspan=9>b</td><td>c</td></tr><tr></tr>"
    "<tr><th>d</th><td>e</td><td>f</td></tr></table>"
)


def printed(body: str) -> bytes:
    about = rendering.About({"title": "T", "lang": "en", "created": "2024-01-01", "modified": "2024-01-01"}, xmp)
    html = f"<!DOCTYPE html><html lang=en><head><title>T</title></head><body><h1>T</h1>{body}</body></html>"
    return rendering.render(html, ["@page { size: A5 }"], {}, about=about).data


def xmp(*_: Any) -> bytes:
    spaces = 'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    title = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">T</rdf:li></rdf:Alt></dc:title>'
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    about = f'<rdf:Description rdf:about="" {spaces}><pdfuaid:part>1</pdfuaid:part>{title}</rdf:Description>'
    return f"{rdf}{about}</rdf:RDF>".encode()


def elements(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def scopes(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as file:
        return [str(each.A.Scope) for each in elements(file.Root.StructTreeRoot) if each.S == "/TH"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ROW_HEADS, ["/Row", "/Row"]),
        (COLUMN_HEADS, ["/Column", "/Column"]),
        (HEADS_ALONE, ["/Column", "/Column"]),
        (BOTH, ["/Column", "/Column", "/Row"]),
        (NESTED, ["/Row", "/Row"]),
    ],
)
def test_heads_say_what_they_are_heads_of(body: str, expected: list[str]) -> None:
    assert scopes(printed(body)) == expected


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
def test_every_table_is_valid(tmp_path: Path) -> None:
    bodies = {"rows": ROW_HEADS, "heads": HEADS_ALONE, "both": BOTH, "nested": NESTED, "tall": TALL, "blocks": BLOCKS}
    bodies |= {"spanning": SPANNING, "uneven": UNEVEN, "deep": f"<table><tr><td>{SPANNING}</td><td rowspan=2>x</td></tr></table>"}
    arguments = []
    for name, body in bodies.items():
        (tmp_path / f"{name}.pdf").write_bytes(printed(body))
        arguments.append(f"ua1={tmp_path / name}.pdf")
    assert failures(arguments) == {each: [] for each in arguments}


def test_a_table_set_as_blocks_is_none() -> None:
    with pikepdf.open(io.BytesIO(printed(BLOCKS))) as file:
        roles = {str(each.S) for each in elements(file.Root.StructTreeRoot)}
    assert roles.isdisjoint({"/Table", "/TR", "/TD", "/TH", "/THead", "/TBody"})
