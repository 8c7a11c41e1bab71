"""The problem for an exception that an engine does not explain."""

from __future__ import annotations

import pytest

from service.engines import failures
from service.model.errors import ColophonError, EmptyDocument, EngineCrashed, Internal, TooComplex


@pytest.mark.parametrize(
    ("error", "full", "problem"),
    [
        (EmptyDocument(), False, EmptyDocument),
        (RecursionError(), False, TooComplex),
        (MemoryError(), False, TooComplex),
        (SystemError("error return without exception set"), False, EngineCrashed),
        (SystemError("error return without exception set"), True, TooComplex),
        (OSError(12, "Cannot allocate memory"), True, TooComplex),
        (TypeError("a null pointer"), True, TooComplex),
        (TypeError("a mistake"), False, Internal),
    ],
)
def test_problem_of(error: Exception, full: bool, problem: type[ColophonError], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "exhausted", lambda: full)
    assert type(failures.problem_of(error)) is problem


def test_a_process_without_a_limit_is_never_exhausted() -> None:
    assert failures.exhausted() is False
