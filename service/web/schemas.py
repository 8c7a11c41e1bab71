"""The JSON that goes out, as JSON Schema: what openapi.yaml refers to, and what the tests hold the answers to."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ANY_OBJECT: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def record(required: str, **properties: Schema) -> Schema:
    """An object; `required` names the properties that are always there, separated by blanks."""
    return {"type": "object", "required": required.split(), "properties": properties}


AUTHOR = record("name", name=TEXT, sort=TEXT, role=TEXT, email=TEXT, affiliation=TEXT, orcid=TEXT)
SERIES = record("name", name=TEXT, index=TEXT)
METADATA = record(
    "title authors date lang keywords source_url source_name custom",
    title=TEXT, subtitle=TEXT, authors=listed(ref("Author")), date=TEXT, modified=TEXT, lang=TEXT, description=TEXT,
    keywords=listed(TEXT), categories=listed(TEXT), source_url=TEXT, source_name=TEXT, fetched_at=TEXT, publisher=TEXT,
    rights=TEXT, license=TEXT, identifier=TEXT, doi=TEXT, isbn=TEXT, series={"anyOf": [ref("Series"), {"type": "null"}]},
    cover=TEXT, version=TEXT, type=TEXT, custom=ANY_OBJECT,
)  # fmt: skip
NOTICE = record(
    "code severity message",
    code=TEXT, severity={"type": "string", "enum": ["info", "warning"]}, message=TEXT, stage=TEXT,
    line={"type": "integer", "minimum": 1}, column={"type": "integer", "minimum": 1}, data=ANY_OBJECT,
)  # fmt: skip
PLACE = record("detail", detail=TEXT, pointer=TEXT, line={"type": "integer"}, column={"type": "integer"})
PROBLEM = record(
    "type title status detail instance code retryable",
    type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, instance=TEXT, code=TEXT, retryable={"type": "boolean"},
    errors=listed(ref("Place")), retry_after=COUNT,
)  # fmt: skip
ARTIFACT = record(
    "name format media_type size sha256 notices report",
    name=TEXT, format=TEXT, media_type=TEXT, size=COUNT, sha256=TEXT, notices=listed(ref("Notice")), report=ANY_OBJECT, url=TEXT,
)  # fmt: skip
REPORT = record(
    "metadata front_matter notices artifacts",
    metadata=ref("Metadata"), front_matter=ANY_OBJECT, notices=listed(ref("Notice")), artifacts=listed(ref("Artifact")),
    artifact=ref("Artifact"),
)  # fmt: skip
VALIDATION = record(
    "metadata front_matter notices remote_images",
    metadata=ref("Metadata"), front_matter=ANY_OBJECT, notices=listed(ref("Notice")), remote_images=listed(TEXT),
)  # fmt: skip
INSPECTION = record(
    "format metadata native facts notices",
    format={"type": "string", "enum": ["pdf", "epub", "docx"]}, metadata=ANY_OBJECT,
    front_matter={"type": ["object", "null"]}, native=ANY_OBJECT, record={"type": ["object", "null"]},
    source={"type": ["object", "null"]}, facts=ANY_OBJECT, notices=listed(ref("Notice")),
)  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Author": AUTHOR, "Series": SERIES, "Metadata": METADATA, "Notice": NOTICE, "Place": PLACE, "Problem": PROBLEM,
    "Artifact": ARTIFACT, "Report": REPORT, "Validation": VALIDATION, "Inspection": INSPECTION,
}  # fmt: skip
