"""Stages of a conversion: every function that is timed is there, and what they take adds up."""

from __future__ import annotations

import time

import pytest

from bench import inputs, profile, spans
from bench.goals import GOALS
from service.engines import Engines
from service.model.document import Source

TARGETS = [target for stage in profile.STAGES for target in stage.targets]


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_timed_is_there(target: str) -> None:
    """Fix STAGES in bench/profile.py when a function moves."""
    assert callable(spans.find(target)[2])


@pytest.mark.parametrize("to", ["docx", "epub", "pdf"])
def test_the_stages_make_up_the_conversion(to: str, engines: Engines) -> None:
    source = Source("article.md", inputs.cleaned(inputs.EXAMPLE.read_bytes()).encode())
    clock, before = spans.Clock(), [spans.find(target)[2] for target in TARGETS]
    with spans.watching(clock, {stage.name: stage.targets for stage in profile.STAGES if stage.targets}):
        began = time.perf_counter()
        profile.in_process(source, to, engines)
        seconds = time.perf_counter() - began
    assert 0.8 * seconds < sum(clock.spent.values()) <= seconds
    assert {"front matter", "source parsed", "passes", "pandoc writes", "verified"} <= clock.spent.keys()
    assert ("WeasyPrint: layout" in clock.spent) == (to == "pdf")
    assert [spans.find(target)[2] for target in TARGETS] == before, "all is as it was"


def test_a_span_is_without_the_spans_inside() -> None:
    clock = spans.Clock()
    inner = clock.wrapped("inner", lambda: time.sleep(0.5))
    clock.wrapped("outer", inner)()
    assert clock.spent["outer"] < 0.5 <= clock.spent["inner"]


def test_generators_can_not_be_timed() -> None:
    with pytest.raises(TypeError, match="generator"):
        spans.find("bench.manual:_chapter")


def test_overhead_is_set_against_the_engines() -> None:
    found = [{"HTTP": 1.0, "served": 9.0, "worked": 8.0, "passes": 1.0, "source parsed": 5.0, "packages": 2.0, "all": 10.0}]
    made = profile.rows(found, "pdf")
    rows = {row["stage"]: row for row in made}
    assert rows["queue and pipes"]["least"] == 1.0
    assert rows["**overhead**"]["least"] == 3.0
    assert rows["**all**"]["overhead"] == pytest.approx(3 / 5)
    (goal,) = (goal for goal in GOALS if goal.section == "profile")
    assert goal.measured({"profile": {"rows": made}}) == pytest.approx(3 / 5)
