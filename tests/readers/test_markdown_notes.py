"""Footnotes of the dialects that pandoc reads are counted by their calls."""

from __future__ import annotations

import pytest

from service.model.errors import TooComplex
from service.readers.markdown import notes


@pytest.mark.parametrize("line", ["[^a]", "\0\0 [^a] \0\0", "``[^a]`", "`` ` [^a]"])
def test_a_note_that_calls_itself_is_refused(line: str) -> None:
    with pytest.raises(TooComplex, match="calls itself"):
        notes.check(enumerate(["[^a]: x " + line], 1))


@pytest.mark.parametrize("unit", ["``", "`", "`[", "` `` "])
def test_a_line_of_backticks_ends(unit: str) -> None:
    """20,000 of them took minutes by a pattern with a reference to the run."""
    notes.check([(1, "[^a]" + unit * 50_000)])
