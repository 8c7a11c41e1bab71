"""The claims of a PDF hold for every article: by veraPDF, on articles with the faults of real ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas import options
from service.engines import Engines
from service.pipeline import steps
from tests.writers import mutated_articles
from tests.writers.test_pdf_variants import claimed, failures

VERAPDF = pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")


def profiles_of(data: bytes) -> list[str]:
    """The profiles of veraPDF for what the file claims."""
    said = claimed(data)
    found = {"1": ["ua1"], "2": ["ua2", "wt1a"]}.get(said.get("pdfuaid:part", ""), [])
    return [*found, (said["pdfaid:part"] + said.get("pdfaid:conformance", "")).lower()] if "pdfaid:part" in said else found


def made(seed: int, variant: str, engines: Engines) -> bytes:
    recipe = options.load(("pdf",), {**mutated_articles.options_of(seed), "pdf_variant": variant})
    source = mutated_articles.article(seed, undescribed=seed % 5 == 0)
    return steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines).data


@VERAPDF
@pytest.mark.parametrize("variant", ["", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2"])
def test_every_claim_holds(variant: str, engines: Engines, tmp_path: Path) -> None:
    arguments = []
    for seed in (11, 1, 2, 3):
        path = tmp_path / f"{seed}.pdf"
        path.write_bytes(made(seed, variant, engines))
        arguments += [f"{profile}={path}" for profile in profiles_of(path.read_bytes())]
    assert len(arguments) >= 3
    assert failures(arguments) == {each: [] for each in arguments}


def test_the_same_seed_gives_the_same_article() -> None:
    assert mutated_articles.article(7).data == mutated_articles.article(7).data
    assert mutated_articles.article(7).data != mutated_articles.article(8).data
