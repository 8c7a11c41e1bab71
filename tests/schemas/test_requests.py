"""The fields of a request besides the options; a wrong name is reported with the right one."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import requests
from schemas.options import checked, properties
from service.jobs.states import JOB_STATES
from service.model.errors import ValidationFailed


def test_defaults() -> None:
    assert requests.load_job({"to": ["pdf"]}, {"to"}) == {
        "name": "", "webhook_url": "", "webhook_secret": [], "deliver_put": [], "deliver_s3": "", "deliver_mail": [],
    }  # fmt: skip
    assert checked(requests.JOBS_QUERY, {}) == {"cursor": None, "limit": 20, "state": None, "owner": None}


@pytest.mark.parametrize("given", [["a, b"], ["a", "b"], ["a,", "b"]])
def test_two_secrets(given: list[str]) -> None:
    assert requests.load_job({"webhook_secret": given}, set())["webhook_secret"] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "pointer", "said"),
    [
        ({"webhook": ["x"]}, "/webhook", "did you mean 'webhook_url'"),
        ({"tocc": ["1"]}, "/tocc", "did you mean 'toc'"),
        ({"webhook_url": ["x", "y"]}, "/webhook_url", "once"),
        ({"webhook_secret": ["a,b,c"]}, "/webhook_secret", ""),
        ({"webhook_secret": ["", "", ""]}, "/webhook_secret", ""),
        ({"name": ["n" * 201]}, "/name", ""),
    ],
)
def test_refused(given: Any, pointer: str, said: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        requests.load_job(given, {"toc", "to"})
    assert [place.pointer for place in caught.value.places] == [pointer]
    assert said in caught.value.detail


def test_the_states_are_those_of_jobs() -> None:
    assert requests.JOB_STATES == JOB_STATES


def test_every_field_is_described() -> None:
    for schema in (requests.JOB_FIELDS, requests.JOB_QUERY, requests.JOBS_QUERY, requests.PAGE_QUERY, requests.ARTIFACT_QUERY):
        for name, said in properties(schema).items():
            assert said["description"].endswith("."), name
    assert properties(requests.JOB_FIELDS)["webhook_secret"]["maxItems"] == 2
    assert properties(requests.JOB_QUERY)["wait"] == {
        "type": "number", "minimum": 0, "maximum": 60, "default": 0.0,
        "description": "The number of seconds to wait for the end of the job before the response.",
    }  # fmt: skip
