"""One call for reading and writing gives what two give, and hands the reading back where images are to be fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from service.conversion import driver
from service.model.document import Asset, Conversion, Source
from service.model.errors import StrictNotices
from service.model.settings import Settings
from service.workers.cancellation import Cancellation
from service.workers.in_process import InProcessWorkers
from tests.engines.images.test_formats import picture

ARTICLE = """---
title: One call
tags: [a, b]
count: 1.50
---

# One call

Text with `code`, a [link](https://a.example/x) and <b>raw</b> HTML.

```python
print("x")
```
"""
PICTURE = "https://images.example/a.png"


class Here(InProcessWorkers):
    """`called` are the names of the operations."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.called: list[str] = []

    def call(
        self,
        operation: str,
        header: Mapping[str, Any],
        blobs: Sequence[bytes] = (),
        deadline: float | None = None,
        cancellation: Cancellation | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        self.called.append(operation)
        return super().call(operation, header, blobs, deadline, cancellation)


@pytest.fixture(scope="module")
def workers(settings: Settings) -> Iterator[Here]:
    with Here(settings) as started:
        yield started


@pytest.fixture
def here(workers: Here) -> Here:
    workers.called.clear()
    return workers


def nothing(names: Sequence[str]) -> Sequence[Asset]:
    raise AssertionError(f"fetched: {names}")


def in_two_calls(source: Source, conversion: Conversion, here: Here) -> driver.Outcome:
    reading = driver.read_in_worker(source, conversion, here)
    artifact = driver.write_in_worker(reading, (), conversion, conversion.to[0], here)
    return driver.Outcome((artifact,), reading.metadata, reading.notices)


@pytest.mark.parametrize("target", ["epub", "docx", "html", "markdown", "ast", "pdf"])
def test_one_call_gives_what_two_give(here: Here, conversion: Callable[..., Conversion], target: str) -> None:
    source, wanted = Source("a.md", ARTICLE.encode()), conversion(target, verify="full", highlight_style="tango")
    assert driver.convert(source, wanted, here, nothing) == in_two_calls(source, wanted, here)
    assert here.called == ["convert", "read", "write"]


def test_images_are_fetched_between_two_calls(here: Here, conversion: Callable[..., Conversion]) -> None:
    source = Source("a.md", f"{ARTICLE}\n![A square]({PICTURE})\n".encode())
    fetched: list[Sequence[str]] = []

    def fetch(names: Sequence[str]) -> Sequence[Asset]:
        fetched.append(names)
        return [Asset(PICTURE, picture("PNG"))]

    outcome = driver.convert(source, conversion("epub"), here, fetch)
    assert fetched == [(PICTURE,)]
    assert here.called == ["convert", "write"]
    assert b"media/" in outcome.artifacts[0].data


def test_fetching_ends_within_the_callers_deadline(here: Here, conversion: Callable[..., Conversion]) -> None:
    """Half of what is left, so that the document can be written after that."""
    limits: list[float | None] = []

    def fetch(names: Sequence[str], seconds: float | None = None) -> Sequence[Asset]:
        limits.append(seconds)
        return [Asset(name, problem="missing: it is late") for name in names]

    source = Source("a.md", b"![a](https://a.example/a.png)")
    for deadline in (None, 500.0):
        driver.convert(source, conversion("epub"), here, fetch, deadline)
    assert limits[0] is None
    assert limits[1] is not None and 0 < limits[1] <= 250


@pytest.mark.parametrize("images", ["link", "drop"])
def test_images_that_are_not_embedded_need_no_second_call(here: Here, conversion: Callable[..., Conversion], images: str) -> None:
    source = Source("a.md", f"{ARTICLE}\n![A square]({PICTURE})\n".encode())
    driver.convert(source, conversion("epub", images=images), here, nothing)
    assert here.called == ["convert"]


def test_several_targets_are_written_side_by_side(here: Here, conversion: Callable[..., Conversion]) -> None:
    both = conversion("html", "markdown")
    outcome = driver.convert(Source("a.md", ARTICLE.encode()), both, here, nothing)
    assert [each.format for each in outcome.artifacts] == ["html", "markdown"]
    assert here.called == ["read", "write", "write"]


def test_the_step_is_reported_between_reading_and_writing(settings: Settings, conversion: Callable[..., Conversion]) -> None:
    steps_seen: list[str] = []
    with InProcessWorkers(settings, step=lambda: steps_seen.append("step")) as watched:
        driver.convert(Source("a.md", ARTICLE.encode()), conversion("html"), watched, nothing)
    assert steps_seen == ["step"]


def test_strictness_holds_in_one_call(here: Here, conversion: Callable[..., Conversion]) -> None:
    source = Source("a.md", b"Text ![a square](a.png)\n")
    with pytest.raises(StrictNotices):
        driver.convert(source, conversion("html", strict=True), here, nothing)
