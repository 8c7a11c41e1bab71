"""Paper, margins and type sizes: what people write, and what is refused."""

from __future__ import annotations

import pytest

from schemas import options
from service.model import lengths
from service.model.errors import ValidationFailed


@pytest.mark.parametrize(
    ("text", "width", "height"),
    [
        ("a4", 210, 297), ("A5", 148, 210), ("letter", 215.9, 279.4), ("a4-landscape", 297, 210), ("b5", 176, 250),
        ("6x9in", 152.4, 228.6), ("160x240mm", 160, 240), ("6inx9in", 152.4, 228.6), ("15cmx200mm", 150, 200),
    ],
)  # fmt: skip
def test_paper(text: str, width: float, height: float) -> None:
    assert lengths.paper(text) == pytest.approx((width, height))


@pytest.mark.parametrize(
    "text", ["a12", "10x10mm", "9999x9999mm", "6x9", "url(x)", "a4;}", "1e9x1in", "-6x9in", "nanxnanmm", "６x９in", "6x9in\n}"]
)
def test_paper_refused(text: str) -> None:
    with pytest.raises(ValueError):
        lengths.paper(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20mm", (20, 20, 20, 20)),
        ("1in 2cm", (25.4, 20, 25.4, 20)),
        ("1mm 2mm 3mm", (1, 2, 3, 2)),
        ("1mm 2mm 3mm 4mm", (1, 2, 3, 4)),
    ],
)  # fmt: skip
def test_margins(text: str, expected: tuple[float, ...]) -> None:
    assert lengths.margins(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["20", "-1mm", "1mm 1mm 1mm 1mm 1mm", "200mm", "calc(1mm)", "5%", "1mm; } a {", " "])
def test_margins_refused(text: str) -> None:
    with pytest.raises(ValueError):
        lengths.margins(text)


@pytest.mark.parametrize(("name", "value"), [("margin", "95mm"), ("font_size", "2pt"), ("font_size", "11em"), ("paper", "a4 }")])
def test_refused_as_options(name: str, value: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        options.load(("pdf",), {name: value})
    assert [place.pointer for place in caught.value.places] == [f"/{name}"]


def test_margins_must_fit_the_paper_that_is_asked_for() -> None:
    options.load(("pdf",), {"margin": "50mm"})
    with pytest.raises(ValidationFailed, match="must leave"):
        options.load(("pdf",), {"margin": "50mm", "paper": "a6"})


def test_placeholders_are_known() -> None:
    options.load(("pdf",), {"header": "{title} | {page}"})
    with pytest.raises(ValidationFailed, match=r"Unknown placeholder \{pgae\}"):
        options.load(("pdf",), {"footer": "{pgae}"})
