"""Cancels a job, or deletes it."""

from __future__ import annotations

from flask import Response

from service.web import responses
from service.web.endpoint import ADMIN, JOBS, answer, endpoint
from service.web.jobs import access, serializers
from service.web.services import services


@endpoint(
    "POST /v1/jobs/<job_id>/cancel",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="cancelJob",
    summary="Cancel a job",
    description="Unfinished items end. Finished artifacts stay.",
    answers={200: answer("The job, which has ended.", **{"application/json": "Job"})},
    problems=(404, 410, 503),
)
def cancel(job_id: str) -> Response:
    services().jobs.cancel(access.job(job_id).id)
    return responses.json_answer(serializers.job(access.job(job_id)))


@endpoint(
    "DELETE /v1/jobs/<job_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="deleteJob",
    summary="Delete a job",
    description="Unfinished items end. All artifacts and records are removed.",
    answers={204: answer("The job is deleted.")},
    problems=(404, 410, 503),
)
def erase(job_id: str) -> Response:
    services().jobs.erase(access.job(job_id).id)
    return Response(status=204)
