"""The ornaments of drawn covers: plain shapes in a few colours, placed by seeded random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Palette:
    """Background and ink, then three matching colours, the last close to the background."""

    ground: str
    ink: str
    accent: str
    second: str
    soft: str

    def pick(self, number: float) -> str:
        return (self.accent, self.second, self.soft, self.ink)[min(3, int(number * 4.2))]


def draw(kind: int, chance: Random, palette: Palette, width: float, height: float) -> str:
    """SVG elements that fill the band of that size at the head of a cover."""
    make = KINDS[kind % len(KINDS)]
    clip = f'<clipPath id="band"><rect width="{width:g}" height="{height:.1f}"/></clipPath>'
    return f'<defs>{clip}</defs><g clip-path="url(#band)">{"".join(make(chance, palette, width, height))}</g>'


def tiles(chance: Random, palette: Palette, width: float, height: float) -> Iterator[str]:
    """Quarter discs, discs and plain squares."""
    cell = width / 5
    for row in range(math.ceil(height / cell)):
        for column in range(5):
            x, y = column * cell, row * cell
            colour, form = palette.pick(chance.random()), chance.random()
            yield f'<rect x="{x:g}" y="{y:g}" width="{cell:g}" height="{cell:g}" fill="{palette.soft}"/>'
            if form < 0.68:
                yield _quarter(x, y, cell, int(chance.random() * 4), colour)
            elif form < 0.84:
                yield f'<circle cx="{x + cell / 2:g}" cy="{y + cell / 2:g}" r="{cell * 0.32:.1f}" fill="{colour}"/>'
            else:
                yield f'<rect x="{x:g}" y="{y:g}" width="{cell:g}" height="{cell / 2:g}" fill="{colour}"/>'


def _quarter(x: float, y: float, cell: float, corner: int, colour: str) -> str:
    cx, cy = x + cell * (corner % 2), y + cell * (corner // 2)
    ax, ay = x + cell * (1 - corner % 2), cy
    bx, by = cx, y + cell * (1 - corner // 2)
    sweep = 1 if corner in (0, 3) else 0
    return f'<path d="M{cx:g} {cy:g}L{ax:g} {ay:g}A{cell:g} {cell:g} 0 0 {sweep} {bx:g} {by:g}Z" fill="{colour}"/>'


def hills(chance: Random, palette: Palette, width: float, height: float) -> Iterator[str]:
    """A low sun over ranges of hills."""
    yield f'<rect width="{width:g}" height="{height:.1f}" fill="{palette.soft}"/>'
    x, r = width * (0.25 + 0.5 * chance.random()), width * (0.11 + 0.07 * chance.random())
    yield f'<circle cx="{x:.1f}" cy="{height * 0.42:.1f}" r="{r:.1f}" fill="{palette.accent}"/>'
    colours = (palette.second, palette.soft, palette.ground)
    for index, colour in enumerate(colours):
        base = height * (0.56 + 0.19 * index)
        phase, swing, length = chance.random() * 6.28, height * (0.05 + 0.05 * chance.random()), 1.2 + 1.4 * chance.random()
        points = " ".join(
            f"{step * width / 40:.1f},{base + swing * math.sin(phase + length * step * 6.28 / 40):.1f}" for step in range(41)
        )
        fade = ' opacity=".92"' if index == 1 else ""
        yield f'<polygon points="0,{height + 2:.1f} {points} {width:g},{height + 2:.1f}" fill="{colour}"{fade}/>'


def spines(chance: Random, palette: Palette, width: float, height: float) -> Iterator[str]:
    """Books on a shelf."""
    yield f'<rect width="{width:g}" height="{height:.1f}" fill="{palette.soft}"/>'
    x, shelf = 18.0, height - 10
    while x < width - 30:
        wide, tall = 22 + 34 * chance.random(), height * (0.46 + 0.38 * chance.random())
        colour = (palette.accent, palette.second, palette.ink, palette.ground)[min(3, int(chance.random() * 4))]
        band = palette.soft if colour != palette.soft else palette.ink
        yield f'<rect x="{x:.1f}" y="{shelf - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{colour}"/>'
        for at in (0.12, 0.78) if chance.random() < 0.6 else (0.2,):
            y, thick = shelf - tall * (1 - at), 4 + 6 * chance.random()
            yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{thick:.1f}" fill="{band}"/>'
        x += wide + 3
    yield f'<rect y="{shelf:.1f}" width="{width:g}" height="10" fill="{palette.ink}"/>'


def rings(chance: Random, palette: Palette, width: float, height: float) -> Iterator[str]:
    """Two systems of rings that cross."""
    yield f'<rect width="{width:g}" height="{height:.1f}" fill="{palette.soft}"/>'
    for colour, x, y in (
        (palette.accent, width * (0.1 + 0.3 * chance.random()), height * (0.9 + 0.2 * chance.random())),
        (palette.second, width * (0.65 + 0.3 * chance.random()), height * 0.15 * chance.random()),
    ):
        for step in range(1, 11):
            look = f'fill="none" stroke="{colour}" stroke-width="7"'
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{step * width / 22:.1f}" {look}/>'
    yield f'<circle cx="{width * 0.5:g}" cy="{height * 0.5:.1f}" r="{width * 0.12:g}" fill="{palette.ink}"/>'


KINDS: tuple[Callable[[Random, Palette, float, float], Iterator[str]], ...] = (tiles, hills, spines, rings)
