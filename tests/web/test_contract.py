"""The contract, by schemathesis: whatever fits openapi.yaml is answered as openapi.yaml says, and never by a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.servers import Server, colophon

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"
# What is generated may be refused: a file of random bytes fits the contract, and is no article.
EXCLUDED = [positive_data_acceptance]
# A form knows text alone: an empty list is not sent at all, 0 and off are false, and a field left empty is none. So what is
# no JSON of the schema may be a good form; tests/bad_inputs.py has the bad ones.
FORMS = [*EXCLUDED, negative_data_rejection]
EXAMPLES = int(os.environ.get("COLOPHON_FUZZ_EXAMPLES", "12"))  # tests.fuzz asks for more, and for new ones each time
SAME = "COLOPHON_FUZZ_EXAMPLES" not in os.environ
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
    case.validate_response(response, excluded_checks=FORMS if case.media_type == "multipart/form-data" else EXCLUDED)
