"""The inputs of the bench: the same bytes for all, which pandoc accepts and which no cache knows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from bench import inputs
from service.engines.pandoc.process import binary

HARD = """---
title: Watch Duty: California
source: @name
date: 2026-03-18
---

# A title

![picture](https://images.example/a.png) text <img src="x.png"> more <script src="x.js"></script>
"""


def test_front_matter_becomes_strict_and_pictures_go() -> None:
    text = inputs.cleaned(HARD.encode(), " (2)")
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front) == {"title": "Watch Duty: California (2)", "source": "@name", "date": "2026-03-18"}
    assert body.strip().splitlines() == ["# A title", "", " text  more"]


def test_pandoc_takes_what_it_refused(tmp_path: Path) -> None:
    before, after = tmp_path / "before.md", tmp_path / "after.md"
    before.write_text(HARD, encoding="utf-8")
    after.write_text(inputs.cleaned(HARD.encode()), encoding="utf-8")
    codes = [
        subprocess.run([binary(), "-f", "gfm", file], check=False, capture_output=True).returncode for file in (before, after)
    ]
    assert codes[0] != 0
    assert codes[1] == 0


def test_a_small_corpus_repeats_with_other_titles(tmp_path: Path) -> None:
    files = inputs.articles([inputs.EXAMPLE, inputs.ROOT / "examples" / "gallery.md"], 5, tmp_path)
    assert len({file.read_bytes() for file in files}) == len(files) == 5


def test_a_large_corpus_is_sampled_evenly(tmp_path: Path) -> None:
    corpus = []
    for number in range(10):
        corpus.append(tmp_path / f"{number}.md")
        corpus[-1].write_text(f"---\ntitle: N{number}\n---\ntext\n", encoding="utf-8")
    files = inputs.articles(corpus, 5, tmp_path / "out")
    assert [file.read_text(encoding="utf-8").split('"')[3] for file in files] == ["N0", "N2", "N4", "N6", "N8"]
