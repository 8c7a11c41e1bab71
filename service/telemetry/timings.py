"""The times of the stages of a request or of an item, as data.

A caller opens a list (`collecting`), and the code inside names its stages. At the end the list becomes histograms,
the answer's Server-Timing and, if tracing is on, a trace. Without a collector a stage costs nothing. A worker collects too: its
stages are in its answer. It handles untrusted documents, so the front accepts them only within limits (`graft`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from service.model.operations import OPERATIONS

# Stages of the front and of a worker. Other names are not allowed, because these are values of a label.
FRONT: Mapping[str, str] = {
    **{row.name: row.timing for row in OPERATIONS.values()},
    "fetch": "Fetching the remote images.",
    "wait": "Waiting for a free worker.",
    "worker": "The call of a worker, there and back.",
}
WORKER: Mapping[str, str] = {
    "passes": "The passes.",
    "pandoc": "Waiting for pandoc: to read, write or cite.",
    "weasyprint": "Layout and printing.",
    "images": "Decoding and fitting the images.",
    "verify": "Reading the metadata of the new artifact back, and comparing.",
}
TOLD = frozenset({"read", "write", *WORKER})  # the names that a worker may use
MOST_TOLD = 500  # stages of one answer of a worker


@dataclass(slots=True, eq=False)
class Stage:
    """`began` is on this machine's monotonic clock; `target` the format that is written, if one is; `problem` how it failed."""

    name: str
    began: float
    seconds: float = 0.0
    within: Stage | None = None
    target: str = ""
    problem: str = ""


Place = tuple[list[Stage], Stage | None]
Watch = Callable[[str, str, bool], None]  # the name and the target of a stage, and whether it ends
_place: ContextVar[Place | None] = ContextVar("place", default=None)
_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def collecting() -> Iterator[list[Stage]]:
    """The stages that end inside, inner ones first: in this thread, and in threads that run in a copy of its context."""
    found: list[Stage] = []
    token = _place.set((found, None))
    try:
        yield found
    finally:
        _place.reset(token)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Calls `watch` when a collected stage of this process begins and ends. `watch` raises nothing and returns quickly."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def stage(name: str, target: str = "") -> Iterator[None]:
    """Times what is done inside, within the stage that is under way."""
    place = _place.get()
    if place is None:
        yield
        return
    found, within = place
    each = Stage(name, time.monotonic(), within=within, target=target or (within.target if within else ""))
    token = _place.set((found, each))
    watch = _watch.get()
    if watch:
        watch(name, each.target, False)
    try:
        yield
    except BaseException as error:
        each.problem = str(getattr(error, "code", type(error).__name__))
        raise
    finally:
        each.seconds = time.monotonic() - each.began
        found.append(each)
        _place.reset(token)
        if watch:
            watch(name, each.target, True)


def pack(found: Sequence[Stage], began: float) -> list[list[Any]]:
    """For the wire: name, seconds since `began`, seconds, and the index of the stage that it is within, or -1."""
    index = {id(each): number for number, each in enumerate(found)}
    return [[each.name, each.began - began, each.seconds, index.get(id(each.within), -1)] for each in found[:MOST_TOLD]]


def graft(reported: Any, began: float) -> None:
    """Adds a worker's stages to the current one. Entries that are not stages are left out; times are cut to those of the call."""
    place = _place.get()
    found, within = place or ([], None)
    if within is None:
        return
    most = time.monotonic() - began
    raws = reported[:MOST_TOLD] if isinstance(reported, list) else []
    grown = [_grown(raw, began, most, within) for raw in raws]
    for each, raw in zip(grown, raws, strict=True):
        if each is not None:
            parent = grown[raw[3]] if 0 <= raw[3] < len(grown) else None
            each.within = parent if parent is not None and parent is not each and _is_above(parent, each) else within
            found.append(each)
    for each in filter(None, reversed(grown)):  # outer ones come last
        each.target = "" if each.name == "read" or each.within is None else each.within.target


def _grown(raw: Any, began: float, most: float, within: Stage) -> Stage | None:
    if not isinstance(raw, list) or [type(part) for part in raw] != [str, float, float, int] or raw[0] not in TOLD:
        return None
    start, seconds = (min(max(0.0, number), most) if math.isfinite(number) else 0.0 for number in raw[1:3])
    return Stage(raw[0], began + start, min(seconds, most - start), within, within.target)


def _is_above(parent: Stage, each: Stage) -> bool:
    """Whether `parent` takes longer, so that stages cannot form a ring."""
    return parent.seconds > each.seconds


def server_timing(found: Iterable[Stage], total: float) -> str:
    """The value of the header, in milliseconds: the stages by name and format, and the total."""
    sums: dict[tuple[str, str], float] = {}
    for each in found:
        if each.name not in ("worker", "passes"):
            key = (each.name, each.target)
            sums[key] = sums.get(key, 0.0) + each.seconds
    order = {name: number for number, name in enumerate((*FRONT, *WORKER))}
    parts = [
        f"{name}" + (f";desc={target}" if target else "") + f";dur={seconds * 1000:.1f}"
        for (name, target), seconds in sorted(sums.items(), key=lambda item: order.get(item[0][0], len(order)))
    ]
    return ", ".join([*parts, f"total;dur={total * 1000:.1f}"])


def seconds_of(found: Iterable[Stage]) -> Mapping[str, float]:
    """For the log: name → seconds, all formats together."""
    sums: dict[str, float] = {}
    for each in found:
        sums[each.name] = round(sums.get(each.name, 0.0) + each.seconds, 4)
    return sums
