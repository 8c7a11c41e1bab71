"""The abilities and the state of this server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response

from schemas import options, requests
from service.engines import installation
from service.jobs.deliveries import destinations
from service.jobs.metrics import Exposition
from service.model import profiles
from service.model.formats import INPUT_FORMATS, OUTPUT_FORMATS
from service.model.options import OPTIONS, Option
from service.model.settings import SETTINGS
from service.web import responses
from service.web.endpoint import ADMIN, ANY_KEY, ANYBODY, METRICS, URL, answer, endpoint
from service.web.services import services
from service.workers import sandbox_test

# Next to the package in a checkout, inside it in a wheel.
PACKAGE = Path(__file__).resolve().parent.parent
OPENAPI = next(each for each in (PACKAGE / "openapi.yaml", PACKAGE.parent / "openapi.yaml") if each.exists())
LIMITS = (
    "max_upload",
    "max_text",
    "max_image",
    "max_pixels",
    "read_deadline",
    "write_deadline",
    "book_deadline",
    "bundle_entries",
    "bundle_unpacked",
    "queue_items",
    "job_deadline",
    "artifact_hours",
)
JSON = {"application/json": "object"}


@endpoint(
    "GET /v1/formats",
    tag="Server",
    scopes=ANY_KEY,
    name="listFormats",
    summary="List the formats",
    description="Readers with their suffixes and media types, and writers.",
    answers={200: answer("Readers and writers.", **JSON)},
)
def formats() -> Response:
    readers = [
        {"name": each.name, "suffixes": list(each.suffixes), "media_types": list(each.media_types), "metadata": each.carries}
        for each in INPUT_FORMATS.values()
    ]
    writers = [{"name": each.name, "suffix": each.suffix, "media_type": each.media_type} for each in OUTPUT_FORMATS.values()]
    return responses.json_answer({"readers": readers, "writers": writers})


@endpoint(
    "GET /v1/options",
    tag="Server",
    scopes=ANY_KEY,
    name="listOptions",
    summary="List the options and limits",
    description="A JSON Schema of the options, the limits of this server, and as `job_fields` those of the fields of a job that "
    "this server allows to send artifacts on.",
    answers={200: answer("A JSON Schema of the options.", **JSON)},
)
def option_schema() -> Response:
    units = {setting.name: setting.unit for setting in SETTINGS}
    limits = {name: {"value": services().settings[name], "unit": units[name]} for name in LIMITS}
    properties = {name: each | _shown(OPTIONS[name]) for name, each in options.properties().items()}
    if services().settings.fetch_pages:
        properties["url"] = URL | {"title": "Address of a page"}
    of_jobs = options.properties(requests.JOB_FIELDS)
    job_fields = {name: of_jobs[name] for name in destinations.allowed(services().settings)}
    return responses.json_answer({"type": "object", "properties": properties, "limits": limits, "job_fields": job_fields})


def _shown(option: Option) -> dict[str, Any]:
    """The texts and choices of the page beyond the JSON Schema of an option."""
    return {
        "title": option.label.en, "x-label": option.label._asdict(), "x-help": option.help._asdict(), "x-place": option.place,
        "x-offered": profiles.names() if option.name == "profile" else option.offered, "x-formats": option.formats,
    }  # fmt: skip


@endpoint(
    "GET /v1/profiles",
    tag="Server",
    scopes=ANY_KEY,
    name="listProfiles",
    summary="List the profiles",
    description="The designs of pages.",
    answers={200: answer("Names of the profiles.", **JSON)},
)
def profile_names() -> Response:
    return responses.json_answer({"profiles": list(profiles.names())})


@endpoint(
    "GET /v1/capacity",
    tag="Server",
    scopes=ANY_KEY,
    name="getCapacity",
    summary="Get the capacity",
    description="Workers, queue, and the Retry-After that a refusal would have.",
    answers={200: answer("The workers, the queue of jobs, and the Retry-After that a refusal would carry.", **JSON)},
    problems=(503,),
)
def capacity() -> Response:
    status, depth = services().workers.status(), services().jobs.depth()
    queue = {"queued": depth.queued, "running": depth.running, "oldest_seconds": round(depth.oldest, 1)}
    queue["limit"] = services().settings.queue_items
    body = {"workers": status["size"], "idle": status["idle"], "waiting": status["waiting"], "queue": queue}
    busy = status["waiting"] or depth.queued
    return responses.json_answer(
        body | {"retry_after": services().retry_after() if busy else 0}, headers={"Cache-Control": "no-store"}
    )


@endpoint(
    "GET /healthz",
    tag="Server",
    scopes=ANYBODY,
    name="getLiveness",
    summary="Check that the process answers",
    description="Liveness: no dependency is checked.",
    answers={200: answer("It does.", **JSON)},
)
def healthz() -> Response:
    return responses.json_answer({"status": "ok"})


@endpoint(
    "GET /readyz",
    tag="Server",
    scopes=ANYBODY,
    name="getReadiness",
    summary="Check that the service is ready",
    description="Workers, storage, database, and the sandbox.",
    answers={200: answer("Conversions are accepted.", **JSON), 503: answer("They will not, now.", **JSON)},
)
def readyz() -> Response:
    """No engine runs here: the pool knows its workers, and facts are collected once."""
    pool = services().workers.status()
    checks = {"workers": "ok" if services().workers.ever_ready and pool["alive"] else "starting"}
    checks |= services().readiness.states()
    ready = set(checks.values()) == {"ok"} and not services().draining
    # Jobs are accepted without their backend: it finds them later.
    checks["backend"] = services().backend.status()["state"]
    body = {"status": "ready" if ready else "draining" if services().draining else "not ready", "checks": checks}
    found = installation.facts()
    body |= {"workers": pool, "sandbox": pool["sandbox"], "versions": found["versions"], "fonts": found["fonts"]}
    reported = [*found["warnings"], *sandbox_test.warnings(pool["sandbox"])]
    return responses.json_answer(body | {"warnings": reported}, 200 if ready else 503, {"Cache-Control": "no-store"})


@endpoint(
    "GET /version",
    tag="Server",
    scopes=ANYBODY,
    name="getVersions",
    summary="Get the versions",
    description="The service and its engines.",
    answers={200: answer("Name → version.", **JSON)},
)
def version() -> Response:
    return responses.json_answer(dict(installation.versions()))


@endpoint(
    "GET /metrics",
    tag="Server",
    scopes=METRICS + ADMIN,
    name="getMetrics",
    summary="Get the metrics",
    description="In the text format of Prometheus.",
    answers={200: answer("Text exposition format.", **{"text/plain": "string"})},
)
def prometheus() -> Response:
    reported = Exposition(lambda: services().workers, services().jobs).text()
    return Response(reported, content_type="text/plain; version=0.0.4; charset=utf-8")


@endpoint(
    "GET /openapi.yaml",
    tag="Server",
    scopes=ANYBODY,
    name="getContract",
    summary="Get this contract",
    description="OpenAPI 3.1.",
    answers={200: answer("OpenAPI 3.1.", **{"application/yaml": "object"})},
)
def contract() -> Response:
    return Response(OPENAPI.read_bytes(), content_type="application/yaml; charset=utf-8")
