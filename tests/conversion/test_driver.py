"""The outcomes of the driver."""

from __future__ import annotations

import pytest

from service.conversion import driver
from service.model.document import Artifact, Asset
from service.model.notices import notice


@pytest.mark.parametrize(
    ("problem", "code", "lasting"),
    [("", "image-unusable", True), ("", "image-postponed", False), ("missing: the host is unreachable", "image-missing", False)],
)
def test_what_another_try_may_change_is_not_lasting(problem: str, code: str, lasting: bool) -> None:
    artifact = Artifact("a.pdf", "pdf", "application/pdf", b"", notices=(notice(code),))
    assert driver._is_lasting([Asset("a.png", problem=problem)], [artifact]) is lasting
