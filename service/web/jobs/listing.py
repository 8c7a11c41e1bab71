"""The resources: jobs, one job, its items."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import Response

from schemas import requests
from service.jobs.records import Job
from service.jobs.states import ENDED
from service.web import responses
from service.web.endpoint import ADMIN, JOBS, answer, endpoint
from service.web.jobs import access, serializers
from service.web.services import services

INLINED = 100  # items in the answer of a job
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5  # seconds between two checks of a job while a caller waits


@endpoint(
    "GET /v1/jobs",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="listJobs",
    summary="List jobs",
    description="The jobs that your key created. A key with the scope `admin` sees, cancels and deletes the jobs of all keys.",
    query=requests.JOBS_QUERY,
    answers={200: answer("A page of jobs, without their items.", **{"application/json": "JobPage"})},
    problems=(422, 503),
)
def listed(asked: Mapping[str, Any]) -> Response:
    found, after = access.page(asked["cursor"], asked["limit"], asked["state"], asked["owner"])
    return _fresh({"jobs": [serializers.job(each) for each in found], "next": after})


@endpoint(
    "GET /v1/jobs/<job_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getJob",
    summary="Get a job",
    description=f"The first {INLINED} items are in it; the rest is at `/items`, from the cursor `next_items`.",
    query=requests.JOB_QUERY,
    answers={200: answer("The job.", **{"application/json": "Job"})},
    problems=(404, 410, 422, 503),
)
def one(job_id: str, asked: Mapping[str, Any]) -> Response:
    job = _waited_for(job_id, asked["wait"])
    found, after = services().jobs.items(job.id, None, INLINED)
    deliveries = services().jobs.deliveries(job.id) if job.webhook_url or job.delivers else []
    return _fresh(serializers.whole_job(job, found, after, deliveries))


@endpoint(
    "GET /v1/jobs/<job_id>/items",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="listJobItems",
    summary="List the items of a job",
    description="In the order of the upload.",
    query=requests.PAGE_QUERY,
    answers={200: answer("A page of items.", **{"application/json": "ItemPage"})},
    problems=(404, 410, 422, 503),
)
def items(job_id: str, asked: Mapping[str, Any]) -> Response:
    job = access.job(job_id)
    found, after = services().jobs.items(job.id, asked["cursor"], asked["limit"])
    return _fresh({"items": [serializers.item(each) for each in found], "next": after})


@endpoint(
    "GET /v1/jobs/<job_id>/items/<item_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getJobItem",
    summary="Get an item of a job",
    description="State, metadata, notices, problem and artifacts.",
    answers={200: answer("The item.", **{"application/json": "Item"})},
    problems=(404, 410, 503),
)
def item(job_id: str, item_id: str) -> Response:
    job = access.job(job_id)
    return _fresh(serializers.item(services().jobs.item(job.id, item_id)))


def _waited_for(job_id: str, seconds: float) -> Job:
    """The job at its end, or its state after `seconds`; at once if no thread is free to wait."""
    job = access.job(job_id)
    if not seconds or job.state in ENDED or not services().waits.acquire(blocking=False):
        return job
    try:
        end, pause = time.monotonic() + seconds, FIRST_PAUSE
        while job.state not in ENDED and not services().draining and (left := end - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE)
            job = access.job(job_id)
        return job
    finally:
        services().waits.release()


def _fresh(body: Any) -> Response:
    return responses.json_answer(body, headers={"Cache-Control": "no-store"})
