"""The contract is what the code says, it is valid, and it names every route."""

from __future__ import annotations

from pathlib import Path

import yaml
from openapi_spec_validator import validate

from service.model.settings import Settings
from service.web import openapi
from service.web.application import create_app

COMMITTED = Path(__file__).resolve().parents[2] / "openapi.yaml"


def test_committed_contract_is_fresh() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi.text(), "stale: run `colophon openapi > openapi.yaml`"


def test_contract_is_valid() -> None:
    validate(yaml.safe_load(openapi.text()))


def test_every_route_is_in_it() -> None:
    app = create_app(Settings())
    paths = {openapi.CONVERTER.sub(r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    assert paths - {"/docs/"} == set(openapi.specification()["paths"])  # "/docs/" is "/docs/{name}" without a name
