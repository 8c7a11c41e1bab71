"""GET /v1/jobs/{id}/events: the events of a job as Server-Sent Events, which curl can follow.

The events are rows: a client that lost its connection sends its last id and misses nothing, on any front.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Response, request

from service.jobs.records import Event, Job
from service.jobs.states import ENDED
from service.model import errors
from service.model.errors import BadRequest, ColophonError, Unavailable
from service.web import problems
from service.web.endpoint import ADMIN, JOBS, Property, answer, endpoint
from service.web.jobs import access
from service.web.services import Services, services

PAUSE = 0.25  # seconds between two checks of the job
HEARTBEAT = 60  # checks without news before a comment shows that the connection is alive: 15 seconds
AT_ONCE = 200
LAST_ID: dict[str, Property] = {
    "Last-Event-ID": {"type": "string", "pattern": "^[0-9]{1,18}$", "description": "Go on after this event."}
}
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@endpoint(
    "GET /v1/jobs/<job_id>/events",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="followJob",
    summary="Follow the events of a job",
    description="Server-Sent Events: `job.created`, `job.running`, `item.running`, `item.stage` (of long documents: `stage` is"
    " read, fetch, write or convert, `target` the format, `ended` whether it ends), `item.succeeded`, `item.failed`,"
    " `item.cancelled`, and as the last one `job.succeeded`, `job.partial`, `job.failed` or `job.cancelled`.",
    headers=LAST_ID,
    answers={
        200: answer("Events, each with an id to resume by; the stream ends with the job.", **{"text/event-stream": "string"}),
        204: answer("The job's last event is the one that Last-Event-ID names: nothing will come."),
    },
    problems=(400, 404, 410, 503),
)
def events(job_id: str) -> Response:
    after = _last_seen()
    job = access.job(job_id)
    if after and job.state in ENDED and not services().jobs.events(job.id, after, 1):
        return Response(status=204)
    waits = services().waits
    if not waits.acquire(blocking=False):
        raise Unavailable("Too many event streams are open. Poll the job instead.", retry_after=5)
    response = Response(stream(services(), job, after), headers=HEADERS, content_type="text/event-stream; charset=utf-8")
    response.call_on_close(waits.release)
    return response


def _last_seen() -> int:
    text = request.headers.get("Last-Event-ID", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadRequest("Last-Event-ID must be the id of an event.")
    return int(text or 0)


def stream(of: Services, job: Job, after: int) -> Iterator[str]:
    """Ends after the last event of the job. Also ends if the service stops or the database is away: the client resumes."""
    yield "retry: 2000\n\n"
    quiet = 0
    with suppress(ColophonError):
        while not of.draining:
            found = of.jobs.events(job.id, after, AT_ONCE)
            for each in found:
                yield written(each)
                after = each.id
            if found and is_last(found[-1]):
                return
            quiet = 0 if found else quiet + 1
            if quiet and quiet % HEARTBEAT == 0:
                yield ": still here\n\n"
                of.jobs.get(job.id, job.tenant)  # raises NotFound for a job that was erased meanwhile
            if len(found) < AT_ONCE:
                time.sleep(PAUSE)


def written(event: Event) -> str:
    at = event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said = {**event.data, "at": at}
    if said.get("problem"):
        said["problem"] = problems.document(errors.from_dict(said["problem"]))
    data = json.dumps(said, ensure_ascii=False)
    return f"id: {event.id}\nevent: {event.kind}\ndata: {data}\n\n"


def is_last(event: Event) -> bool:
    subject, _, state = event.kind.partition(".")
    return subject == "job" and state in ENDED
