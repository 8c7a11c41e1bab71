"""A wrong value of each option over a form: refused before anything is read, with the field named.

The contract's test cannot ask for this: in a form every value is text, and most texts are right for an option of type string.
"""

from __future__ import annotations

import pytest

from schemas.options import properties
from tests.web.conftest import Send

# Options whose check no schema can say, and those that take any text and are judged by what reads or writes it.
WRONG = {
    "paper": "a99", "margin": "wide", "font_size": "huge", "profile": "nosuch", "pdf_variant": "pdf/x", "header": "{nosuch}",
    "footer": "{nosuch}", "css": "nosuch.css", "cover": "nosuch.png", "bibliography": "nosuch.bib", "lang": "no language",
}  # fmt: skip
# Answered in their own way: what names a format, an encoding, or is not JSON.
OTHER = {
    "from": "unsupported-media-type",
    "charset": "unsupported-encoding",
    "metadata": "invalid-json",
    "metadata_defaults": "invalid-json",
}


def wrong(name: str, said: dict[str, object]) -> str:
    if name in WRONG:
        return WRONG[name]
    if "enum" in said:
        return "nosuch"
    if "maximum" in said:
        return str(int(str(said["maximum"])) + 1)
    if said["type"] != "string":
        return "nosuch"
    return "x" * (int(str(said["maxLength"])) + 1) if "maxLength" in said else "nosuch"


@pytest.mark.parametrize("name", sorted(properties().keys() - OTHER.keys()))
def test_a_wrong_value_is_refused(name: str, send: Send) -> None:
    answer = send("/v1/convert", to="pdf", **{name: wrong(name, properties()[name])})
    problem = answer.get_json()
    assert (answer.status_code, problem.get("code")) == (422, "validation-error"), problem
    assert [each["pointer"] for each in problem["errors"]] == [f"/{name}"]


@pytest.mark.parametrize("name", [name for name, said in properties().items() if "minimum" in said or "maxLength" in said])
def test_the_other_end_too(name: str, send: Send) -> None:
    said = properties()[name]
    value = str(said["minimum"] - 1) if "minimum" in said else "x" * (said["maxLength"] + 1)
    problem = send("/v1/convert", to="pdf", **{name: value}).get_json()
    assert [each["pointer"] for each in problem["errors"]] == [f"/{name}"]
    assert problem["code"] == "validation-error"


@pytest.mark.parametrize("name", OTHER)
def test_what_has_a_problem_of_its_own(name: str, send: Send) -> None:
    assert send("/v1/convert", to="epub", **{name: "nosuch"}).get_json()["code"] == OTHER[name]
