"""The contract, by schemathesis: every request that fits openapi.yaml gets an answer of openapi.yaml, and never a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from marshmallow import fields
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.servers import Server, colophon

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
# What is generated may be refused: a file of random bytes fits the contract, and is not an article.
EXCLUDED = [positive_data_acceptance]
EXAMPLES = int(os.environ.get("COLOPHON_FUZZ_EXAMPLES", "12"))  # tests.fuzz asks for more, and for new ones each time
SAME = "COLOPHON_FUZZ_EXAMPLES" not in os.environ
# What a form may hold, by its type: a field's text is all that is sent.
DOCUMENT = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
FIELDS = {
    name: field.get("type") or SCHEMAS.get(field.get("$ref", "").rpartition("/")[2], {}).get("type")
    for whole in (SCHEMAS["Options"], *(part for each in SCHEMAS.values() for part in (each, *each.get("allOf", ()))))
    for name, field in whole.get("properties", {}).items()
}
schema = schemathesis.openapi.from_path(str(CONTRACT))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("contract"), workers=1, read_deadline=10, write_deadline=10) as running:
        yield running


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=SAME, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_contract(case: Any, server: Server) -> None:
    response = case.call(base_url=server.base)
    raw = case.media_type not in ("multipart/form-data", "application/json")  # any text is an article
    lenient = raw or unsendable(case.body) or unsendable(case.query)
    case.validate_response(response, excluded_checks=[*EXCLUDED, *([negative_data_rejection] if lenient else [])])


def unsendable(body: Any) -> bool:
    """A wrong value that a form has no way to write is not sent, or sent as text that is right: then the request may be."""
    return isinstance(body, dict) and any(
        value in ([], {}, None)
        or (value == "" and name in ("options", "metadata"))
        or (FIELDS.get(name) == "string" and not isinstance(value, (str, bytes)))
        or (FIELDS.get(name) == "boolean" and str(value) in map(str, fields.Boolean.truthy | fields.Boolean.falsy))
        for name, value in body.items()
    )
