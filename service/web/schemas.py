"""The JSON of answers as JSON Schema: openapi.yaml refers to it, and tests compare answers with it."""

from __future__ import annotations

from typing import Any

from service.jobs.states import ITEM_STATES, JOB_STATES
from service.model.metadata import FIELDS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ANY_OBJECT: Schema = {"type": "object"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def record(required: str, **properties: Schema) -> Schema:
    """An object; `required` names the properties that always exist, separated by blanks."""
    return {"type": "object", "required": required.split(), "properties": properties}


FLAG: Schema = {"type": "boolean"}
AUTHOR = record(
    "name", name=TEXT, sort=TEXT, role=TEXT, email=TEXT, affiliation=TEXT, orcid=TEXT, corresponding=FLAG
)  # fmt: skip
SERIES = record("name", name=TEXT, index=TEXT)
KINDS: dict[str, Schema] = {  # those of a field that are not text
    "authors": listed(ref("Author")), "words": listed(TEXT), "series": {"anyOf": [ref("Series"), {"type": "null"}]},
}  # fmt: skip
METADATA = record(
    " ".join([*(name for name, field in FIELDS.items() if field.is_always_given), "custom"]),
    **{name: KINDS.get(field.kind, TEXT) for name, field in FIELDS.items()}, custom=ANY_OBJECT,
)  # fmt: skip
AST = record(
    "pandoc-api-version meta blocks", **{"pandoc-api-version": listed(COUNT), "meta": ANY_OBJECT, "blocks": listed(ANY_OBJECT)}
)
NOTICE = record(
    "code severity message",
    code=TEXT, severity={"type": "string", "enum": ["info", "warning"]}, message=TEXT, stage=TEXT,
    line={"type": "integer", "minimum": 1}, column={"type": "integer", "minimum": 1}, data=ANY_OBJECT,
)  # fmt: skip
PLACE = record("detail", detail=TEXT, pointer=TEXT, line={"type": "integer"}, column={"type": "integer"})
PROBLEM = record(
    "type title status detail instance code retryable",
    type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, instance=TEXT, code=TEXT, retryable={"type": "boolean"},
    errors=listed(ref("Place")), retry_after=COUNT, limit=COUNT, quota=TEXT,
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
MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
OWNER: Schema = {"type": "string", "description": "The id of the key that created it; empty if the server requires no key."}
CURSOR: Schema = {"type": ["string", "null"]}
JOB_ARTIFACT = record(
    "id job item name format media_type size sha256 url",
    id=TEXT, job=TEXT, item=TEXT, name=TEXT, format=TEXT, media_type=TEXT, size=COUNT, sha256=TEXT, url=TEXT,
    notices=listed(ref("Notice")), report=ANY_OBJECT,
)  # fmt: skip
ITEM_PROBLEM = record(
    "type title status detail code retryable",
    type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, code=TEXT, retryable={"type": "boolean"},
    errors=listed(ref("Place")), retry_after=COUNT,
)  # fmt: skip
ITEM = record(
    "id position name state attempts started_at ended_at metadata problem notices artifacts",
    id=TEXT, position=COUNT, name=TEXT, state={"type": "string", "enum": list(ITEM_STATES)}, attempts=COUNT,
    started_at=MOMENT, ended_at=MOMENT, metadata={"anyOf": [ref("Metadata"), {"type": "null"}]},
    problem={"anyOf": [ref("ItemProblem"), {"type": "null"}]}, notices=listed(ref("Notice")),
    artifacts=listed(ref("JobArtifact")),
)  # fmt: skip
DELIVERY = record(
    "id event state attempts next_at last_status last_error",
    id=TEXT, event=TEXT, state={"type": "string", "enum": ["pending", "delivered", "failed"]}, attempts=COUNT, next_at=MOMENT,
    last_status={"type": ["integer", "null"]}, last_error=TEXT,
)  # fmt: skip
ARTIFACT_DELIVERY = record(
    "kind to id event state attempts next_at last_status last_error",
    kind={"type": "string", "enum": ["put", "s3", "mail"]}, to=TEXT, id=TEXT, event=TEXT,
    state={"type": "string", "enum": ["pending", "delivered", "failed"]}, attempts=COUNT, next_at=MOMENT,
    last_status={"type": ["integer", "null"]}, last_error=TEXT,
)  # fmt: skip
WEBHOOK = record("url deliveries", url=TEXT, deliveries=listed(ref("Delivery")))
JOB = record(
    "id name owner state to total counts progress created_at started_at ended_at expires_at url events_url archive_url",
    id=TEXT, name=TEXT, owner=OWNER, state={"type": "string", "enum": list(JOB_STATES)}, to=listed(TEXT), total=COUNT,
    counts={"type": "object", "additionalProperties": COUNT}, progress={"type": "number", "minimum": 0, "maximum": 1},
    created_at=MOMENT, started_at=MOMENT, ended_at=MOMENT, expires_at=MOMENT, url=TEXT, events_url=TEXT, archive_url=TEXT,
    items=listed(ref("Item")), next_items=CURSOR, artifacts=listed(ref("JobArtifact")),
    webhook={"anyOf": [ref("Webhook"), {"type": "null"}]}, deliveries=listed(ref("ArtifactDelivery")),
)  # fmt: skip
INSPECTION = record(
    "format metadata native facts notices",
    format={"type": "string", "enum": ["pdf", "epub", "docx"]}, metadata=ANY_OBJECT,
    front_matter={"type": ["object", "null"]}, native=ANY_OBJECT, record={"type": ["object", "null"]},
    source={"type": ["object", "null"]}, facts=ANY_OBJECT, notices=listed(ref("Notice")),
)  # fmt: skip

FINDING = record(
    "rule severity message fix clause claim place line detail checked_by",
    rule=TEXT, severity={"type": "string", "enum": ["error", "warning", "info"]}, message=TEXT, fix=TEXT, clause=TEXT,
    claim=TEXT, place=TEXT, line={"type": ["integer", "null"], "minimum": 1}, detail=TEXT, checked_by=TEXT,
)  # fmt: skip
CLAIM = record(
    "claim holds checked_by",
    claim=TEXT, checked_by=listed(TEXT),
    holds={"type": ["boolean", "null"], "description": "true: a validator confirms it. null: nothing against it was found."},
)  # fmt: skip
CHECKER = record("name version kind problem", name=TEXT, version=TEXT, kind=TEXT, problem=TEXT)
CHECK_REPORT = record(
    "name format claims findings counts passed checked_by facts",
    name=TEXT, format={"type": "string", "enum": ["pdf", "epub", "docx"]}, claims=listed(ref("Claim")),
    findings=listed(ref("Finding")), counts={"type": "object", "additionalProperties": COUNT}, passed={"type": "boolean"},
    checked_by=listed(ref("Checker")), facts=ANY_OBJECT,
)  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Author": AUTHOR, "Series": SERIES, "Metadata": METADATA, "Notice": NOTICE, "Place": PLACE, "Problem": PROBLEM,
    "Artifact": ARTIFACT, "Report": REPORT, "Ast": AST, "Validation": VALIDATION, "Inspection": INSPECTION,
    "CheckReport": CHECK_REPORT, "Claim": CLAIM, "Finding": FINDING, "Checker": CHECKER,
    "Job": JOB, "JobPage": record("jobs next", jobs=listed(ref("Job")), next=CURSOR), "Item": ITEM, "ItemProblem": ITEM_PROBLEM,
    "ItemPage": record("items next", items=listed(ref("Item")), next=CURSOR), "JobArtifact": JOB_ARTIFACT,
    "Webhook": WEBHOOK, "Delivery": DELIVERY, "ArtifactDelivery": ARTIFACT_DELIVERY,
    "Messages": record("language messages", language=TEXT, messages={"type": "object", "additionalProperties": TEXT}),
}  # fmt: skip
