"""An SVG is a picture and nothing else."""

from __future__ import annotations

import pytest

from service.engines.images import svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10">'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)" width="1" height="1"/>',
        '<a href="javascript:alert(1)"><rect width="1" height="1"/></a>',
        '<image href="https://tracker.example/x.png"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>",
        '<rect style="fill: url(https://tracker.example/)"/>',
        "<style>@import 'https://tracker.example/x.css';</style>",
        '<use href="https://elsewhere.example/x.svg#a"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    ],
)
def test_nothing_runs_or_phones_home(inside: str) -> None:
    clean, width, height = svg.clean(f"{HEAD}{inside}<circle r='3'/></svg>".encode())
    text = clean.decode()
    for word in ("script", "alert", "https://", "file:", "foreignObject", "@import", "onload", "svg+xml"):
        assert word not in text
    assert "circle" in text
    assert (width, height) == (20, 10)


def nested_uses(levels: int) -> str:
    groups = ['<g id="g0"><rect width="1" height="1"/></g>']
    groups += [f'<g id="g{level}">' + f'<use href="#g{level - 1}"/>' * 10 + "</g>" for level in range(1, levels)]
    return "".join(groups) + f'<use href="#g{levels - 1}"/>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"{HEAD}{nested_uses(9)}</svg>", "repeats"),
        (f'{HEAD}<g id="a"><use href="#a"/></g></svg>', "itself"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + "&a;</svg>", "entities"),
        (HEAD + "<g>" * 100 + "</g>" * 100 + "</svg>", "complex"),
        (HEAD + "<g/>" * 20_001 + "</svg>", "complex"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="1"/>', "large"),
        ("<svg/>", "no SVG"),
        ("<svg", "parsed"),
    ],
)
def test_unsafe(data: str, why: str) -> None:
    with pytest.raises(svg.Unsafe, match=why):
        svg.clean(data.encode())


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="30" height="20"', (30, 20)),
        ('viewBox="0 0 30 20"', (30, 20)),
        ('width="60" viewBox="0 0 30 20"', (60, 40)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width="100%"', (300, 150)),
    ],
)
def test_size(attributes: str, size: tuple[int, int]) -> None:
    assert svg.clean(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())[1:] == size


def test_drawn_for_targets_that_show_none() -> None:
    clean, _, _ = svg.clean(f"{HEAD}<rect width='20' height='10' fill='red'/></svg>".encode())
    assert svg.rasterised(clean, 40).startswith(b"\x89PNG")
