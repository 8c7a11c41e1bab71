"""No regular expression of the project takes more than linear time, on texts that are made of pieces of itself."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.model import settings
from service.passes import boilerplate
from service.readers import textile
from service.readers.markdown import abbreviations, replacements
from service.readers.shared import notice_places
from tests import patterns
from tests.patterns import Found

pytestmark = pytest.mark.timeout(600)  # one pattern takes half a minute on an idle machine
ATTACKS = 300  # texts a pattern
EXPONENTIAL = 30  # characters that a pattern of exponential time does not end on
LONG = 3_000
ROUNDS = 4  # measurements until a pattern counts as slow
# Place: the longest subject there, and why. All others get subjects of any length.
BOUNDED = {"schemas.dates.FORMS": 80}  # `normalised` refuses longer ones
# What functions make of parts, and all that they make.
BUILT: dict[str, list[str]] = {
    "service/model/settings.py:setting.pattern": [each.pattern for each in settings.SETTINGS if each.pattern],
    "service/passes/boilerplate.py:'|'.join((f'(?:{pattern})' for pattern in patterns))": [
        each.pattern for family in boilerplate.families() for each in (family.tail_from, family.lines) if each
    ],
    "service/readers/markdown/abbreviations.py:f\"(?<!\\\\w)({'|'.join(map(re.escape, terms))})(?!\\\\w)\"": [
        abbreviations.pattern(["HTML", "a.b", "WHO"]).pattern
    ],
    "service/readers/markdown/replacements.py:pattern": [
        f"(?mi:{row.pattern.pattern})" for rows in replacements.TABLE.values() for row in rows
    ],
    "service/readers/shared/notice_places.py:'|'.join(patterns)": [
        *notice_places.PLACES["dead-internal-link"]({"links": ["#part", "a.png", ""]}),
        *notice_places.PLACES["empty-image-removed"]({}),
    ],
    "service/readers/org/__init__.py:separator": [";", r"[,;]", r"\s+"],
    "service/readers/shared/open_marks.py:shape": [textile.MARKS.pattern],
}


class Long(Exception):
    """The pattern takes more CPU time than its share."""


@pytest.fixture(scope="module", autouse=True)
def clock() -> Iterator[None]:
    def interrupt(*_: Any) -> None:
        raise Long

    before = signal.signal(signal.SIGVTALRM, interrupt)
    yield
    signal.signal(signal.SIGVTALRM, before)


def cost(run: Callable[[str], object], text: str, most: float) -> float:
    """CPU seconds, at most `most`: a match looks for signals as it goes."""
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    start = time.thread_time()
    try:
        run(text)
    except Long:
        return most
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - start


def is_linear(run: Callable[[str], object], attack: tuple[str, str, str], longest: int = LONG) -> bool:
    """Whether the time for four times the text is far below 16 times the time. No bound depends on the machine's speed:
    what is suspected in a first look is judged by growth alone, by the fastest of several runs.
    """
    lead, piece, end = attack

    def grown(length: int) -> str:
        return (lead + piece * max(1, length // len(piece)))[:longest] + end

    if cost(run, grown(EXPONENTIAL), 0.5) > 0.25:  # a linear one takes a microsecond
        return False
    if cost(run, grown(min(LONG, longest)), 0.5) < 0.002:
        return True
    return any(_grows_slowly(run, grown(longest // 4), grown(longest)) for _ in range(ROUNDS))


def _grows_slowly(run: Callable[[str], object], short: str, long: str) -> bool:
    """One round. On a busy machine a linear pattern may look worse than it is; a quadratic one never looks better."""
    most = 9 * min(cost(run, short, 1.0) for _ in range(5))
    return min(cost(run, long, 1.0) for _ in range(3)) < most


FOUND = [
    *patterns.collected(),
    *(
        Found(place, re.compile(each), *([patterns.ANCHORED] if place.endswith("setting.pattern") else []))
        for place, built in BUILT.items()
        for each in built
    ),
]


@pytest.mark.parametrize("found", FOUND, ids=[each.place for each in FOUND])
def test_linear(found: Found) -> None:
    longest = BOUNDED.get(found.place, LONG)
    slow = next((each for each in patterns.attacks(found.pattern, ATTACKS) if not is_linear(found.run, each, longest)), None)
    assert slow is None


def test_every_pattern_is_found() -> None:
    assert len(FOUND) > 250
    assert patterns.unresolved() == sorted(BUILT)


def test_possessive_loops_repeat_single_characters() -> None:
    """Python 3.11.0 to 3.11.4 go on behind a failed turn of such a loop (cpython#106052): use `(?>(?:…)*)`."""
    assert [each.place for each in FOUND if patterns.possessive_loops(each.pattern)] == []


def test_a_pattern_is_tried_as_it_is_called() -> None:
    methods = {each.place: each.methods for each in FOUND}
    assert methods["service.readers.asciidoc.ATTRIBUTE"] == {"fullmatch"}
    assert methods["service.input.frontmatter.blanks.OPENING"] == {"match"}
    assert methods["service.readers.org.plain.MACRO"] == {"search"}  # it is given to a function, and a namesake is matched


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [
        (r"(?:%[^\n]*\s*)*x", True),
        (r"(?:a|a)*b", True),
        (r"(a+)+b", True),
        (r"\s*=\s*\s*$", True),
        (r"\[([^\]]*)\]", False),
        (r"<!--.*?-->", False),
        (r'"(?:[^"\\]|\\.)*"', False),
        (r"[ \t]+$", False),
        (r"(.*?)[ \t]*$\Z", True),
        (r"[0-9]*[a-z]?[0-9]*!", True),
    ],
)
def test_the_test_finds_what_is_slow(pattern: str, anchored: bool) -> None:
    found = Found("here", re.compile(pattern, re.S), *([patterns.ANCHORED] if anchored else []))
    assert not all(is_linear(found.run, each) for each in patterns.attacks(found.pattern, 200))
