"""The contract follows the rules of the usual linters (redocly: recommended, spectral: oas), so that clients can be generated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from service.web import openapi

SPEC = openapi.specification()
OPERATIONS = {f"{method} {path}": operation for path, methods in SPEC["paths"].items() for method, operation in methods.items()}
VERBS = (
    "convert",
    "get",
    "list",
    "create",
    "delete",
    "cancel",
    "follow",
    "download",
    "validate",
    "inspect",
    "preview",
    "check",
    "send",
)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([value["$ref"]] if isinstance(value.get("$ref"), str) else [])
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_described(name: str) -> None:
    operation = OPERATIONS[name]
    assert re.fullmatch(rf"(?:{'|'.join(VERBS)})[A-Z][A-Za-z]+", operation["operationId"])
    assert operation["summary"] and operation["description"].endswith(".")
    assert set(operation["tags"]) <= {tag["name"] for tag in SPEC["tags"]}
    statuses = operation["responses"]
    assert any(status.startswith("4") for status in statuses) and any(status.startswith("2") for status in statuses)
    assert operation["security"] == [] or all(not scopes for way in operation["security"] for scopes in way.values())
    for parameter in operation.get("parameters", ()):
        assert "$ref" in parameter or parameter["description"], parameter


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(ids) == len(set(ids))


def test_every_component_is_there_and_used() -> None:
    found = set(references(SPEC))
    there = {
        f"#/components/{kind}/{name}" for kind, each in SPEC["components"].items() for name in each if kind != "securitySchemes"
    }
    assert found == there


def own(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of a form that are not those of the options."""
    parts = [schema, *schema.get("allOf", ())]
    return {name: each for part in parts for name, each in part.get("properties", {}).items()}


def test_the_options_stand_once() -> None:
    """Choices have a schema of their own; no default is there to be sent by a generated client."""
    schemas = SPEC["components"]["schemas"]
    forms = [name for name in schemas if name.endswith(("Form", "Request"))]
    assert {"ConversionForm", "ConversionRequest", "ArticleForm", "ArticleRequest", "JobForm", "JobRequest"} <= set(forms)
    for name in forms:
        assert "toc_depth" not in schemas[name].get("properties", {}), name
        assert not [field for field, each in own(schemas[name]).items() if "default" in each], name
    for name, each in schemas["Options"]["properties"].items():
        assert each["description"].endswith("."), name
        assert "enum" not in each and "default" not in each, name


def test_texts_are_not_binary() -> None:
    """A generated client decodes text, and fails on text that is said to be bytes."""
    for operation in OPERATIONS.values():
        for answer in operation["responses"].values():
            for media_type, content in answer.get("content", {}).items():
                assert not (media_type.startswith("text/") and content["schema"].get("format") == "binary")
