"""A small dose of `python -m tests.fuzz`, always the same; and what the long runs found, for good."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from schemas import metadata
from service.input import frontmatter
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests.fuzz.__main__ import LIMITS
from tests.fuzz.mutation import TOKENS
from tests.fuzz.targets import TARGETS, damaged_file, tried

GOLDENS = sorted((Path(__file__).parent / "goldens").glob("*-*"))
DOSE = 12
LINES = some.one_of(
    some.text(max_size=30), some.sampled_from([token.decode("utf-8", "replace") for token in TOKENS]),
    some.sampled_from(["title: ", "authors:\n  - ", "date: ", "lang: ", "a: |\n  ", "- ", "\t", "series: {name: ", "\n"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerPool]:
    pool = WorkerPool(Settings(data_dir=str(tmp_path_factory.mktemp("fuzz")), workers=1, sandbox="strict", **LIMITS))
    yield pool
    pool.stop(0)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files(pool: WorkerPool, name: str) -> None:
    outcomes = set()
    for number in range(DOSE):
        chance = random.Random(f"{name} {number}")
        outcomes.add(tried(TARGETS[name], damaged_file(TARGETS[name], chance), chance, pool))
    assert outcomes - {"deadline-exceeded"}


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.name)
def test_what_was_found_stays_fixed(pool: WorkerPool, path: Path) -> None:
    """A golden is named after its target; it is tried with several formats and dialects."""
    target = next(TARGETS[name] for name in TARGETS if path.name.startswith(f"{name.replace(' ', '-')}-"))
    for number in range(8):
        tried(target, path.read_bytes(), random.Random(number), pool)


@settings(max_examples=300, deadline=None)
@given(some.lists(LINES, max_size=12).map("".join), some.booleans())
def test_front_matter(text: str, strict: bool) -> None:
    for fence in ("---", "+++"):
        try:
            metadata.load(frontmatter.split(f"{fence}\n{text}\n{fence}\n\nbody\n", strict).data)
        except ColophonError as error:
            assert error.status < 500
