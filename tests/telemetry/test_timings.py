"""Stages nest, follow into threads that are given their context, and a worker's word is taken within bounds only."""

from __future__ import annotations

import contextvars
import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.model.errors import EmptyDocument
from service.telemetry import timings
from service.telemetry.timings import collecting, graft, stage


def test_stages_nest_and_inherit_the_format() -> None:
    with collecting() as found, stage("write", "pdf"), stage("worker"):
        pass
    inner, outer = found
    assert (inner.name, inner.target, inner.within) == ("worker", "pdf", outer)
    assert outer.within is None
    assert outer.seconds >= inner.seconds >= 0


def test_a_failure_is_reported_with_its_code() -> None:
    with collecting() as found, pytest.raises(EmptyDocument), stage("read"):
        raise EmptyDocument()
    assert [each.problem for each in found] == ["empty-document"]


def test_a_watch_sees_each_stage_begin_and_end() -> None:
    seen: list[tuple[str, str, bool]] = []
    with timings.collecting(), timings.watching(lambda *event: seen.append(event)):
        with timings.stage("read"):
            pass
        with pytest.raises(ValueError, match="no"), timings.stage("write", "pdf"):
            raise ValueError("no")
    with timings.collecting(), timings.stage("fetch"):
        pass
    assert seen == [("read", "", False), ("read", "", True), ("write", "pdf", False), ("write", "pdf", True)]


def test_no_one_collects_nothing_is_kept() -> None:
    with stage("read"):
        assert timings._place.get() is None


def test_threads_with_a_copy_of_the_context_tell_the_same_list() -> None:
    def write(target: str) -> None:
        with stage("write", target):
            pass

    with collecting() as found, ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(contextvars.copy_context().run, write, name) for name in ("pdf", "epub")]:
            each.result()
    assert {each.target for each in found} == {"pdf", "epub"}


def test_what_a_worker_reports_hangs_under_the_call() -> None:
    with collecting() as inside, stage("verify"), stage("pandoc"):
        time.sleep(0.002)
    reported = timings.pack(inside, inside[-1].began)
    with collecting() as found, stage("write", "docx"):
        time.sleep(0.01)
        graft(reported, time.monotonic() - 0.01)
    pandoc, verify, write = sorted(found, key=lambda each: each.name)
    assert [each.name for each in (pandoc, verify, write)] == ["pandoc", "verify", "write"]
    assert (pandoc.within, verify.within, verify.target) == (verify, write, "docx")


def test_what_a_worker_read_is_of_no_format_yet() -> None:
    with collecting() as inside:
        with stage("read"), stage("pandoc"):
            pass
        with stage("write"), stage("verify"):
            pass
    reported = timings.pack(inside, inside[0].began)
    with collecting() as found, stage("convert", "docx"):
        time.sleep(0.002)
        graft(reported, time.monotonic() - 0.002)
    formats = {"pandoc": "", "read": "", "verify": "docx", "write": "docx", "convert": "docx"}
    assert {each.name: each.target for each in found} == formats


@pytest.mark.parametrize(
    "reported",
    [
        None,
        {},
        "x",
        [1],
        [["pandoc"]],
        [["rm -rf", 0.0, 1.0, -1]],
        [["pandoc", "0", 1.0, -1]],
        [["pandoc", 0.0, 1.0, True]],
        [[]],
    ],
)
def test_what_is_no_stage_is_left_out(reported: Any) -> None:
    with collecting() as found, stage("worker"):
        graft(reported, time.monotonic())
    assert [each.name for each in found] == ["worker"]


def test_times_stay_within_the_call_and_no_ring_is_reported() -> None:
    reported = [
        ["pandoc", -5.0, 1e9, 1],
        ["verify", math.inf, math.nan, 0],
        ["pandoc", 0.0, 0.0, 2],
        ["pandoc", 0.0, 0.0, 99],
    ] * 1000
    with collecting() as found, stage("worker"):
        began = time.monotonic()
        time.sleep(0.005)
        graft(reported, began)
        most = time.monotonic() - began
    assert len(found) == timings.MOST_TOLD + 1
    for each in found[:-1]:
        assert 0 <= each.seconds <= most
        assert each.began >= began
        above, steps = each, 0
        while above.within is not None:
            above, steps = above.within, steps + 1
            assert steps < 3


def test_the_header_sums_by_name_and_format() -> None:
    def reported(name: str, seconds: float, target: str = "") -> timings.Stage:
        return timings.Stage(name, 0.0, seconds, target=target)

    found = [
        reported("write", 0.2, "pdf"),
        reported("worker", 9.0),
        reported("read", 0.01),
        reported("wait", 0.001),
        reported("wait", 0.002),
    ]
    assert timings.server_timing(found, 0.25) == "read;dur=10.0, write;desc=pdf;dur=200.0, wait;dur=3.0, total;dur=250.0"
    assert timings.seconds_of(found)["wait"] == 0.003
