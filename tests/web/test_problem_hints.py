"""Every problem says what to do, and every hint is of a problem that there is."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.model.errors import QueueFull, error_classes
from service.model.problem_hints import HINTS, hint_of


@pytest.mark.parametrize("code", error_classes())
def test_a_problem_says_what_to_do(code: str) -> None:
    assert hint_of(error_classes()[code]).endswith(".")


def test_a_hint_is_of_a_problem() -> None:
    assert set(HINTS) <= set(error_classes())


def test_a_problem_without_one_has_the_hint_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.model.problem_hints.HINTS", {name: each for name, each in HINTS.items() if name != "queue-full"})
    assert hint_of(QueueFull) == HINTS["unavailable"]


def test_its_page_says_it(client: FlaskClient) -> None:
    assert "curl -F file=@article.md" in client.get("/problems/missing-file").text
