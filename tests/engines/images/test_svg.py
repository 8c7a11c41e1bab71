"""An SVG is a picture and nothing else."""

from __future__ import annotations

import re

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
        r'<style>@\69mport "https://tracker.example/"; rect { fill: u\72l(https://tracker.example/) }</style>',
        r'<rect style="fill: u\000072l(https://tracker.example/)" filter="u\72 l(https://tracker.example/#a)"/>',
        r"<style>@font-face { font-family: x; src: u\72l(https://tracker.example/f) }</style>",
        "<style>rect { fill: image-set('https://tracker.example/' 1x) }</style>",
        "<rect fill=\"image-set('https://tracker.example/' 1x)\"/>",
        "<style>g {}<title/>@import 'https://tracker.example/';</style>",
        "<style>g {}<g/> rect { mask: url(https://tracker.example/#m) }</style>",
        "<style>@namespace x 'https://tracker.example/'; x|rect { fill: red }</style>",
        "<style>@im/**/port 'https://tracker.example/'; @media print { @import 'https://tracker.example/'; }</style>",
        "<style>g { &amp; rect { fill: url(https://tracker.example/) } }</style>",
        "<style>@media screen { rect { filter: url( \n'https://tracker.example/#f' ) } }</style>",
        "<style>:root { --a: url(https://tracker.example/) } rect { fill: var(--a) }</style>",
        "<style>rect { behavior: url(#alert); -moz-binding: url(#alert); cursor: url(https://tracker.example/), auto }</style>",
        "<style>rect { fill: expression(alert(1)) } rect { width: element(#script) }</style>",
        '<g xml:base="https://tracker.example/"><rect width="1" height="1"/></g>',
        '<rect fill="url(&#10;https://tracker.example/)" stroke="URL(/**/https://tracker.example/)"/>',
        '<g xlink:role="https://tracker.example/" xmlns:x="https://tracker.example/ns" x:y="1"/>',
        "<style>&lt;/style>&lt;script>alert(1)&lt;/script></style>",
    ],
)
def test_nothing_runs_or_phones_home(inside: str) -> None:
    clean, width, height = svg.clean(f"{HEAD}{inside}<circle r='3'/></svg>".encode())
    text = clean.decode()
    for word in ("script", "alert", "https://", "file:", "foreignObject", "@import", "onload", "svg+xml"):
        assert word not in text
    assert "circle" in text
    assert (width, height) == (20, 10)


@pytest.mark.parametrize(
    "kept",
    [
        '<rect fill="url(#g)" style="stroke: #123; stroke-width: 2px;" transform="translate(1,2) rotate(-3.5e1)"/>',
        '<rect fill="rgb(1, 2, 3)" class="a" id="layer(1)" data-name="Group \\ (2)" filter="drop-shadow(1px 1px 1px red)"/>',
        "<style>.a { fill: #123; font-family: 'Noto Sans', serif; }</style>",
        "<style>@media print { rect { fill: url(#g); } }</style>",
        '<path d="M0 0C1,2 3,4 5,6Z" marker-end="url(#m)" clip-path="url(#c)" mask="url(\'#m\')"/>',
    ],
)
def test_what_draws_is_kept(kept: str) -> None:
    head = f'{HEAD}<linearGradient id="g"/><marker id="m"/><clipPath id="c"/>'
    clean = svg.clean(f"{head}{kept}</svg>".encode())[0].decode()
    for word in re.findall(r"[\w#-]+", kept.replace("\\\\", "")):
        assert word in clean


def test_a_style_sheet_names_no_fragment_but_gradients() -> None:
    """It could give a mask to every element; what draws much is counted where an element names it itself."""
    clean = svg.clean(f"{HEAD}<mask id='m'/><style>rect {{ mask: url(#m); fill: red }}</style><rect/></svg>".encode())[0]
    assert b"url" not in clean and b"fill: red" in clean


def nested_masks(levels: int, kind: str, attribute: str) -> str:
    parts = [f'<{kind} id="k0"><rect width="1" height="1"/></{kind}>']
    for level in range(1, levels):
        inner = f'<rect width="9" height="9" {attribute}="url(#k{level - 1})"/>' * 10
        parts.append(f'<{kind} id="k{level}">{inner}</{kind}>')
    return "".join(parts) + f'<rect width="9" height="9" style="{attribute}: u\\72l(#k{levels - 1})"/>'


@pytest.mark.parametrize(
    ("kind", "attribute"), [("mask", "mask"), ("clipPath", "clip-path"), ("pattern", "fill"), ("marker", "marker-start")]
)
def test_masks_clips_patterns_and_markers_are_counted(kind: str, attribute: str) -> None:
    with pytest.raises(svg.Unsafe, match="repeats"):
        svg.clean(f"{HEAD}{nested_masks(7, kind, attribute)}</svg>".encode())
    with pytest.raises(svg.Unsafe, match="itself"):
        svg.clean(f'{HEAD}<{kind} id="a"><rect {attribute}="url(#a)"/></{kind}></svg>'.encode())


def test_markers_are_counted_at_each_corner() -> None:
    marker = '<marker id="m">' + "<rect/>" * 200 + "</marker>"
    with pytest.raises(svg.Unsafe, match="repeats"):
        svg.clean(f'{HEAD}{marker}<polyline points="{"1,2 " * 1_000}" marker-mid="url(#m)"/></svg>'.encode())


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
        ("<svg/>", "not an SVG"),
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


LABEL = """<foreignObject x="10" y="20" width="100" height="40"><div xmlns="http://www.w3.org/1999/xhtml" style="color: #123456">
<p>One <b>label</b></p><script>alert(1)</script></div></foreignObject>"""


def test_the_html_label_of_a_diagram_is_text() -> None:
    clean = svg.clean(f"{HEAD}{LABEL}<circle r='3'/></svg>".encode())[0].decode()
    assert "foreignObject" not in clean and "alert" not in clean
    assert re.search(r'<text [^>]*fill="#123456"[^>]*><tspan x="60" y="[0-9.]+">One label</tspan></text>', clean)


def test_a_long_label_has_several_lines_within_its_rectangle() -> None:
    words = "many words that do not stand in one line"
    clean = svg.clean(f"{HEAD}{LABEL.replace('One', words)}</svg>".encode())[0].decode()
    lines = re.findall(r'<tspan [^>]*y="([0-9.]+)">', clean)
    assert len(lines) > 2 and all(20 < float(each) <= 62 for each in lines)


def test_the_text_next_to_a_label_is_not_doubled() -> None:
    both = f"<switch>{LABEL}<text x='1' y='2'>One l...</text></switch>"
    clean = svg.clean(f"{HEAD}{both}</svg>".encode())[0].decode()
    assert clean.count("One") == 1 and ">One label<" in clean
