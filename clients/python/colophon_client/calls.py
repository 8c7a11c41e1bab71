"""The calls: one method for each thing that the service does."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any
from urllib.parse import quote, unquote

from urllib3 import BaseHTTPResponse

from colophon_client import downloads, events
from colophon_client.problems import Problem, Unreachable
from colophon_client.records import Download, Event, Item, Job, JobArtifact, Saved, plain_name
from colophon_client.transport import Transport, opened
from colophon_client.uploads import Form, JsonBody, Url
from colophon_client.uploads import Part as Upload

DELIVERIES = ("deliver_put", "deliver_s3", "deliver_mail")  # fields of a job, not options
POLL = 30  # seconds that the server holds a call of `wait`
SILENCE = 60.0  # a stream of events counts as dead after this time; the server's heartbeats come every 15


class Client:
    """A Colophon service. Thread-safe; a context manager.

    `seconds` is the limit of silence of the service; `tries` the number of retries of a call with a temporary failure (no
    connection, 429, 502, 503, unless the problem is not `retryable`); `connections` the number of threads at the same time.

    A problem of the service raises Problem (`error.code`, `error.detail`, `error.places`,
    the whole document in `error.extra`); Unreachable is raised without an answer.
    """

    def __init__(self, url: str, *, key: str = "", seconds: float = 120.0, tries: int = 5, connections: int = 8) -> None:
        self._transport = Transport(url, key, seconds, tries, connections)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections; `with` does it."""
        self._transport.close()

    # One article

    def convert(
        self,
        source: Upload,
        to: str | Sequence[str],
        *,
        assets: Sequence[Upload] = (),
        deadline: float | None = None,
        **options: Any,
    ) -> Download:
        """The artifact; for several formats a zip of all. `deadline` is in seconds; `options` are those of docs/options.md."""
        form = _form([source], assets, options, to)
        return _download(self._transport.request("POST", "/v1/convert", form=form, headers=_deadline(deadline)))

    def convert_text(
        self,
        text: str,
        to: str | Sequence[str],
        *,
        name: str = "article.md",
        assets: Mapping[str, bytes] = MappingProxyType({}),
        deadline: float | None = None,
        **options: Any,
    ) -> Download:
        """The artifact of a text, sent as JSON. `name` decides on its format; `assets` are files that it names."""
        packed = {each: base64.b64encode(data).decode() for each, data in assets.items()}
        members = {"text": text, "file_name": name, "to": [to] if isinstance(to, str) else list(to), "options": options}
        body = JsonBody(members | ({"assets": packed} if packed else {}))
        return _download(self._transport.request("POST", "/v1/convert", form=body, headers=_deadline(deadline)))

    def convert_to(
        self,
        source: Upload,
        to: str | Sequence[str],
        folder: Path | str,
        *,
        assets: Sequence[Upload] = (),
        deadline: float | None = None,
        **options: Any,
    ) -> list[Saved]:
        """The artifacts as files in `folder`: streamed and resumed, each complete or missing, with its notices."""
        headers = {"Accept": "application/json", **_deadline(deadline)}
        reported = self._json("POST", "/v1/convert", form=_form([source], assets, options, to), headers=headers)
        saved = []
        for each in reported["artifacts"]:
            where = f"/v1/artifacts/{each['sha256']}/{quote(each['name'], safe='')}"
            path = Path(folder) / plain_name(each["name"])
            downloads.to_file(self._transport, where, path, each["sha256"])
            saved.append(Saved(path, each["format"], each["media_type"], each["sha256"], tuple(each["notices"]), each))
        return saved

    def validate(self, source: Upload, *, assets: Sequence[Upload] = (), **options: Any) -> dict[str, Any]:
        """`metadata` as a conversion would use it, `front_matter`, `notices`, `remote_images`; nothing is converted."""
        return self._json("POST", "/v1/validate", form=_form([source], assets, options))

    def inspect(self, artifact: Upload) -> dict[str, Any]:
        """The metadata of a PDF, EPUB or DOCX."""
        return self._json("POST", "/v1/inspect", form=_form([artifact], (), {}))

    def check(self, file: Upload) -> dict[str, Any]:
        """The claims of a PDF, EPUB or DOCX, which of them hold, and `findings` with rule, place, severity and repair."""
        return self._json("POST", "/v1/check", form=_form([file], (), {}))

    def extract(self, artifact: Upload) -> Download:
        """The article inside an artifact, as it was uploaded. Raises Problem: not-found if the artifact has no source."""
        return _download(self._transport.request("POST", "/v1/inspect", form=_form([artifact], (), {"part": "source"})))

    # Jobs

    def create_job(
        self,
        sources: Sequence[Upload],
        to: str | Sequence[str],
        *,
        assets: Sequence[Upload] = (),
        name: str = "",
        webhook_url: str = "",
        webhook_secrets: Sequence[str] = (),
        idempotency_key: str = "",
        **options: Any,
    ) -> Job:
        """The accepted job, which is completed even if the server restarts. Each article of a zip is an item.

        `deliver_put` (a list of pre-signed URLs, one for each artifact), `deliver_s3` (a prefix in the bucket of the service) and
        `deliver_mail` (a list of addresses) are the destinations of the artifacts.

        Without an `idempotency_key` this call creates one, so that its retries create nothing twice.
        """
        own = [(key, text) for key, text in (("name", name), ("webhook_url", webhook_url)) if text]
        own += [("webhook_secret", secret) for secret in webhook_secrets]
        for field in DELIVERIES:
            value = options.pop(field, ())
            own += [(field, each) for each in ([value] if isinstance(value, str) else value)]
        form = _form(sources, assets, options, to, own)
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
        for left in range(self._transport.tries, -1, -1):
            try:
                return Job.of(self._json("POST", "/v1/jobs", form=form, headers=headers))
            except Problem as error:  # a conflict: the first attempt is still running there
                if not left or error.code != "idempotency-conflict":
                    raise
                time.sleep(error.retry_after or 1)
        raise AssertionError("unreachable")

    def job(self, job_id: str, *, wait: float | None = None) -> Job:
        """The job at its end within `wait` seconds (at most 60), else its current state. Raises Problem: not-found, gone."""
        return Job.of(self._json("GET", f"/v1/jobs/{job_id}", query={"wait": wait}))

    def wait(self, job_id: str, seconds: float = 3600.0) -> Job:
        """The job at its end. Raises TimeoutError after more than `seconds`."""
        end = time.monotonic() + seconds
        while True:
            asked = time.monotonic()
            job = self.job(job_id, wait=max(0, min(POLL, end - asked)))
            if job.ended:
                return job
            if time.monotonic() >= end:
                raise TimeoutError(f"{job_id} is {job.state} after {seconds:g} s")
            if time.monotonic() - asked < 0.5:  # the server has no free place for a waiting call
                time.sleep(1)

    def jobs(self, *, state: str | None = None, owner: str | None = None, limit: int | None = None) -> Iterator[Job]:
        """All jobs that the key can see, newest first, without their items; at most `limit`.

        With a key of scope `admin` the jobs of all keys, or of the key with the id `owner`.
        """
        cursor, left = None, limit
        asked = {"state": state, "owner": owner}
        while True:
            query = {**asked, "cursor": cursor, "limit": None if left is None else min(left, 100)}
            page = self._json("GET", "/v1/jobs", query=query)
            for each in page["jobs"]:
                yield Job.of(each)
            left = None if left is None else left - len(page["jobs"])
            cursor = page["next"]
            if cursor is None or left == 0:
                return

    def items(self, job_id: str) -> Iterator[Item]:
        """All items of a job, in the order of the upload."""
        cursor = None
        while True:
            page = self._json("GET", f"/v1/jobs/{job_id}/items", query={"cursor": cursor})
            yield from map(Item.of, page["items"])
            cursor = page["next"]
            if cursor is None:
                return

    def item(self, job_id: str, item_id: str) -> Item:
        """Raises Problem: not-found."""
        return Item.of(self._json("GET", f"/v1/jobs/{job_id}/items/{item_id}"))

    def events(self, job_id: str, after: str = "") -> Iterator[Event]:
        """The events of a job, from its start or `after` an event's id, until its end. Lost connections are resumed."""
        failures = 0
        while True:
            try:
                with opened(self._open_stream(job_id, after)) as answer:
                    if answer.status == 204:  # no event after that id
                        return
                    for event in events.parse(events.lines(downloads.chunks(answer))):
                        after, failures = event.id or after, 0
                        yield event
                        if event.last:
                            return
            except Unreachable:
                failures += 1
                if failures > self._transport.tries:
                    raise
            time.sleep(min(0.5 * 2**failures, 30))

    def _open_stream(self, job_id: str, after: str) -> BaseHTTPResponse:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        return self._transport.request("GET", f"/v1/jobs/{job_id}/events", headers=headers, stream=True, seconds=SILENCE)

    def cancel(self, job_id: str) -> Job:
        """Cancels unfinished items. Finished artifacts stay."""
        return Job.of(self._json("POST", f"/v1/jobs/{job_id}/cancel"))

    def delete(self, job_id: str) -> None:
        """Cancels the job and deletes it with its artifacts."""
        self._transport.request("DELETE", f"/v1/jobs/{job_id}")

    def download(self, artifact: JobArtifact, path: Path | str) -> Path:
        """Streams the artifact into a file, which is complete or missing, and compares its SHA-256."""
        where = f"/v1/jobs/{artifact.raw['job']}/artifacts/{artifact.id}"
        return downloads.to_file(self._transport, where, Path(path), artifact.sha256)

    def archive(self, job_id: str, path: Path | str) -> Path:
        """Streams all artifacts of an ended job, a report and a manifest into one zip file."""
        return downloads.to_file(self._transport, f"/v1/jobs/{job_id}/archive", Path(path))

    # The service

    def formats(self) -> dict[str, Any]:
        """`readers` and `writers`."""
        return self._json("GET", "/v1/formats")

    def options(self) -> dict[str, Any]:
        """A JSON Schema of the options; `limits` are this server's."""
        return self._json("GET", "/v1/options")

    def profiles(self) -> list[str]:
        """The names of the profiles."""
        return list(self._json("GET", "/v1/profiles")["profiles"])

    def version(self) -> dict[str, str]:
        """Name → version, of the service and of its engines."""
        return self._json("GET", "/version")

    def capacity(self) -> dict[str, Any]:
        """`workers`, `idle`, `queue` and the `retry_after` that a refusal would name."""
        return self._json("GET", "/v1/capacity")

    def _json(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        answer = self._transport.request(method, path, **given)
        try:
            found: dict[str, Any] = json.loads(answer.data)
        except ValueError as error:
            raise Unreachable("Something other than a Colophon answered.") from error
        return found


def _deadline(seconds: float | None) -> dict[str, str]:
    return {} if seconds is None else {"Colophon-Deadline": f"{seconds:g}"}


def _form(
    sources: Sequence[Upload],
    assets: Sequence[Upload],
    options: Mapping[str, Any],
    to: str | Sequence[str] = (),
    own: Sequence[tuple[str, str]] = (),
) -> Form:
    fields = [("to", each) for each in ([to] if isinstance(to, str) else to)]
    fields += [
        (name, value if isinstance(value, str) else json.dumps(value)) for name, value in options.items() if value is not None
    ]
    fields += [("url", str(each)) for each in sources if isinstance(each, Url)]
    files = [("file", each) for each in sources if not isinstance(each, Url)] + [("asset", each) for each in assets]
    return Form([*fields, *own], files)


def _download(answer: BaseHTTPResponse) -> Download:
    disposition = answer.headers.get("Content-Disposition", "")
    _, encoded, name = disposition.partition("filename*=UTF-8''")
    name = unquote(name) if encoded else disposition.partition('filename="')[2].rstrip('"')
    sha256 = answer.headers.get("ETag", "").strip('"')
    downloads.compare(answer.data, sha256)
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    return Download(name, media_type, answer.data, sha256, int(answer.headers.get("Colophon-Notices", 0)))
