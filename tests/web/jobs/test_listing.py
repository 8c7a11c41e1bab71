"""validate, ast, inspect: what is reported of an article, and of an artifact."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator

from tests.web.conftest import ARTICLE, Send

ROOT = Path(__file__).resolve().parents[3]


def test_validate(send: Send) -> None:
    body = send("/v1/validate", file=ARTICLE + "\n![x](https://images.example/x.png)\n").get_json()
    assert body["metadata"]["title"] == "湖边的灯塔：一份记录"
    assert body["metadata"]["lang"] == "zh-Hans"
    assert body["front_matter"]["layout"] == "plain"
    assert body["remote_images"] == ["https://images.example/x.png"]
    assert "front_matter" not in body["metadata"]


def test_ast(send: Send) -> None:
    document = json.loads(send("/v1/ast").data)
    assert document["meta"]["title"]["c"] == [{"t": "Str", "c": "湖边的灯塔：一份记录"}]
    assert [block["t"] for block in document["blocks"]] == ["Para", "Para"]


def test_ast_as_markdown(send: Send) -> None:
    answer = send("/v1/ast", headers={"Accept": "text/markdown"})
    assert answer.content_type == "text/markdown; charset=utf-8"
    assert "[地图](https://lake.example/map)" in answer.text


@pytest.mark.parametrize("to", ["pdf", "epub", "docx"])
def test_inspect_gives_everything_back(send: Send, client: FlaskClient, to: str) -> None:
    artifact = send("/v1/convert", to=to, verify="full").data
    report = inspect(client, artifact, f"x.{to}").get_json()
    assert report["format"] == to
    assert report["front_matter"]["fetch_date"] == "2025-10-06T19:16:36.499828"
    assert report["metadata"]["custom"] == {"layout": "plain"}
    source = inspect(client, artifact, "x", part="source")
    assert source.data == ARTICLE.encode()
    assert source.content_type.startswith("text/markdown")


def inspect(client: FlaskClient, data: bytes, name: str, **fields: str) -> Any:
    return client.post("/v1/inspect", data={"file": (io.BytesIO(data), name), **fields}, content_type="multipart/form-data")


@pytest.mark.parametrize("to", ["pdf", "epub", "docx"])
def test_artifact_without_its_source(send: Send, client: FlaskClient, to: str) -> None:
    artifact = send("/v1/convert", to=to, embed_source="false").data
    assert inspect(client, artifact, "x").get_json()["source"] is None
    assert inspect(client, artifact, "x", part="source").status_code == 404


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"hello", 415, "unsupported-media-type"),
        (b"%PDF-1.7 nothing", 422, "invalid-document"),
        (b"PK\x03\x04nothing", 422, "invalid-document"),
    ],
)
def test_inspect_refuses(client: FlaskClient, data: bytes, status: int, code: str) -> None:
    answer = inspect(client, data, "x.pdf")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_the_contract_distinguishes_an_ast_from_a_report(send: Send) -> None:
    contract = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    said = contract["paths"]["/v1/convert"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = OAS31Validator(said | {"components": contract["components"]})
    for answer in (send("/v1/convert", to="ast"), send("/v1/convert", to="pdf", headers={"Accept": "application/json"})):
        schema.validate(json.loads(answer.data))
