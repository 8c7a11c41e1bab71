"""Notes are counted as often as they are called."""

from __future__ import annotations

import pytest

from service.readers.shared import note_calls


def test_weights() -> None:
    calls = {"a": ["b", "b"], "b": ["c"], "c": [], "d": ["nobody"]}
    assert note_calls.weigh(calls) == {"a": 5, "b": 2, "c": 1, "d": 1}


def test_doubling_is_cut() -> None:
    calls = {str(number): [str(number + 1)] * 2 for number in range(5_000)}
    assert note_calls.weigh(calls)["0"] == note_calls.MAX_NOTES + 1


def test_a_loop_is_refused_or_cut() -> None:
    calls = {"a": ["b"], "b": ["a"]}
    assert set(note_calls.weigh(calls)) == {"a", "b"}
    with pytest.raises(LookupError, match=r"a|b"):
        note_calls.weigh(calls, LookupError)
