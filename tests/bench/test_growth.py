"""The growth of time: the fitted exponent, and the measured documents."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from bench import growth, inputs, ours


@pytest.mark.parametrize(("power", "factor"), [(1.0, 3.0), (2.0, 0.1), (0.5, 7.0)])
def test_the_exponent_of_a_power_is_found(power: float, factor: float) -> None:
    points = [(float(size), factor * size**power) for size in (10, 40, 90, 500)]
    assert growth.exponent(points) == pytest.approx(power)


def test_two_points_say_nothing_of_growth() -> None:
    assert growth.exponent([(1, 1), (2, 2)]) is None


def test_joined_articles_have_the_size(tmp_path: Path) -> None:
    made = growth.joined([inputs.EXAMPLE], 20, tmp_path)
    assert 20_000 - inputs.EXAMPLE.stat().st_size - 100 < made.stat().st_size <= 20_000
    assert made.read_text(encoding="utf-8").count("\n---\n") == 1, "one front matter"


def test_pictures_differ(tmp_path: Path) -> None:
    text = growth.illustrated(2, tmp_path).read_text(encoding="utf-8")
    first, second = (line for line in text.splitlines() if line.startswith("!["))
    assert first.split(",")[1] != second.split(",")[1]


def test_the_bundle_has_the_same_pictures_as_files(tmp_path: Path) -> None:
    article = growth.illustrated(2, tmp_path)
    text = article.read_text(encoding="utf-8")
    with zipfile.ZipFile(article.with_suffix(ours.BUNDLE)) as bundle:
        shown = bundle.read("article.md").decode("utf-8")
        for name in ("noise-1.jpg", "noise-2.jpg"):
            address = f"data:image/jpeg;base64,{base64.b64encode(bundle.read(name)).decode('ascii')}"
            assert f"]({address})" in text
            shown = shown.replace(name, address)
    assert shown == text
