"""Ending a job before its time, and taking it out of the world."""

from __future__ import annotations

from flask import Blueprint, Response

from service.web import responses
from service.web.jobs import access, serializers
from service.web.operation import answer, operation
from service.web.services import services

blueprint = Blueprint("jobs_endings", __name__)


@blueprint.post("/v1/jobs/<job_id>/cancel")
@operation(
    name="cancelJob",
    summary="Cancel a job",
    description="Unfinished items end. Finished artifacts stay.",
    answers={200: answer("The job, which has ended.", **{"application/json": "Job"})},
    problems=(404, 410, 503),
)
def cancel(job_id: str) -> Response:
    services().jobs.cancel(access.job(job_id).id)
    return responses.json_answer(serializers.job(access.job(job_id)))


@blueprint.delete("/v1/jobs/<job_id>")
@operation(
    name="deleteJob",
    summary="Delete a job",
    description="Unfinished items end. All artifacts and records are removed.",
    answers={204: answer("Nothing of it is left.")},
    problems=(404, 410, 503),
)
def erase(job_id: str) -> Response:
    services().jobs.erase(access.job(job_id).id)
    return Response(status=204)
