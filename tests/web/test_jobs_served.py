"""Jobs of a running service, through the client: files, events, webhooks; too much work, and a stop in the midst of it."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from colophon_client import Client, Problem
from tests.receivers import Answer, receiver
from tests.servers import Server, colophon
from tests.waiting import wait_for

OLD, NEW = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
TEXT = "---\ntitle: Number {0}\nlang: en\n---\n\nText {0}.\n"
GOOD, BAD = ("deep/good.md", TEXT.format(1).encode()), ("bad.md", b"")
LONG = "---\ntitle: Long {0}\nlang: en\n---\n\n" + "A lighthouse, lit each twelve seconds. " * 400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("jobs"), workers=1, fetch_allow="127.0.0.0/8,127.0.0.1") as running:
        yield running


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.base) as found:
        yield found


def test_everything_through_the_client(client: Client, tmp_path: Path) -> None:
    job = client.create_job([GOOD, BAD], ["epub", "html"], name="two", toc=True)
    seen = list(client.events(job.id))
    assert seen[-1].kind == "job.partial"
    assert [event.id for event in client.events(job.id, seen[3].id)] == [event.id for event in seen[4:]]
    job = client.wait(job.id, 30)
    assert (job.state, job.ended, job.counts["failed"]) == ("partial", True, 1)
    items = list(client.items(job.id))
    assert items == list(job.items)
    assert items[1].problem and items[1].problem["code"] == "empty-document"
    assert client.item(job.id, items[0].id) == items[0]
    path = client.download(items[0].artifacts[0], tmp_path / "good.epub")
    assert path.stat().st_size == items[0].artifacts[0].size
    assert client.inspect(path)["metadata"]["title"] == "Number 1"
    assert client.extract(path).data == GOOD[1]
    with zipfile.ZipFile(client.archive(job.id, tmp_path / "all.zip")) as archive:
        assert archive.namelist() == ["deep/good.epub", "deep/good.html", "report.jsonl", "manifest.json"]
    assert job.id in [each.id for each in client.jobs(state="partial", limit=5)]
    client.delete(job.id)
    with pytest.raises(Problem, check=lambda error: error.code == "not-found"):
        client.job(job.id)


def test_one_article_through_the_client(client: Client, tmp_path: Path) -> None:
    made = client.convert(("灯塔.md", GOOD[1]), "docx", deadline=30)
    assert made.name == "灯塔.docx"
    assert made.save(tmp_path).read_bytes() == made.data
    both = client.convert(GOOD, ["docx", "epub"])
    assert zipfile.ZipFile(io.BytesIO(both.data)).namelist() == ["manifest.json", "good.docx", "good.epub"]
    assert client.validate(GOOD)["metadata"]["title"] == "Number 1"
    assert client.formats()["writers"]
    assert client.capacity()["workers"] == 1
    with pytest.raises(Problem, match="did you mean 'toc'"):
        client.convert(GOOD, "docx", tok=True)


def test_plain_curl_follows_a_job(client: Client, server: Server) -> None:
    job = client.create_job([GOOD], "html")
    argv = ["curl", "-sN", "--max-time", "30", f"{server.base}/v1/jobs/{job.id}/events"]
    reported = subprocess.run(argv, capture_output=True, check=True).stdout.decode()
    assert "event: item.succeeded\n" in reported
    assert reported.endswith("\n\n")
    assert "event: job.succeeded" in reported.split("\n\n")[-2]


@pytest.mark.parametrize(("source", "kind"), [(GOOD, "job.succeeded"), (BAD, "job.failed")])
def test_a_webhook_reports_the_end(client: Client, source: tuple[str, bytes], kind: str) -> None:
    with receiver(Answer(500), Answer(204)) as there:
        job = client.create_job([source], "docx", webhook_url=there.url + "/hook", webhook_secrets=[NEW, OLD])
        wait_for(lambda: len(there.asked) == 2)
        wait_for(lambda: client.job(job.id).raw["webhook"]["deliveries"][0]["state"] == "delivered")
    for secret in (NEW, OLD):
        said = Webhook(secret).verify(there.asked[1].body, there.asked[1].headers)
        assert (said["type"], said["data"]["id"], said["data"]["total"]) == (kind, job.id, 1)
    log = client.job(job.id).raw["webhook"]
    assert log["url"] == there.url + "/hook"
    (delivery,) = log["deliveries"]
    assert (delivery["event"], delivery["attempts"], delivery["last_status"]) == (kind, 2, 204)
    assert OLD not in json.dumps(client.job(job.id).raw)


def test_a_cancelled_job_is_reported_too(client: Client) -> None:
    with receiver() as there:
        job = client.create_job([("long.md", b"word " * 15_000)], "pdf", webhook_url=there.url, webhook_secrets=[NEW])
        assert client.cancel(job.id).state == "cancelled"
        wait_for(lambda: there.asked)
    assert json.loads(there.asked[0].body)["type"] == "job.cancelled"


def test_more_work_than_fits_is_refused_and_what_was_accepted_is_done(tmp_path: Path) -> None:
    """Five times the queue comes at once."""
    with colophon(tmp_path, workers=1, queue_items=20, cache="off") as server:
        refused: list[Problem] = []
        accepted: list[str] = []

        def send(number: int) -> None:
            with Client(server.base, tries=0) as client:
                try:
                    sources = [(f"{number}-{n}.md", LONG.format(f"{number}.{n}").encode()) for n in range(5)]
                    accepted.append(client.create_job(sources, "docx").id)
                except Problem as error:
                    refused.append(error)

        with ThreadPoolExecutor(20) as threads:
            list(threads.map(send, range(20)))
        with Client(server.base) as client:
            assert client.capacity()["queue"]["limit"] == 20
            states = Counter(client.wait(job_id, 60).state for job_id in accepted)
    assert len(accepted) + len(refused) == 20
    assert len(refused) >= 10
    assert all(error.retry_after and error.extra["code"] == "queue-full" for error in refused)
    assert states == {"succeeded": len(accepted)}
    assert len(accepted) >= 4


def test_stopped_in_the_midst_and_started_again(tmp_path: Path) -> None:
    """Streams end at once, what runs ends or is handed back, and the next start does the rest."""
    settings: dict[str, object] = {"workers": 1, "drain": 2, "cache": "off"}
    with colophon(tmp_path, **settings) as server, Client(server.base, tries=0) as client:
        sources = [(f"{n}.md", LONG.format(n).encode()) for n in range(40)]
        job = client.create_job(sources, "docx")
        stream = threading.Thread(target=lambda: [*_quietly(client, job.id)], daemon=True)
        stream.start()
        wait_for(lambda: client.job(job.id).counts["succeeded"] >= 2)
        assert server.stop() == 0
        stream.join(30)
        assert not stream.is_alive()
    with colophon(tmp_path, **settings) as server, Client(server.base) as client:
        done = client.wait(job.id, 60)
        assert (done.state, done.counts["succeeded"]) == ("succeeded", 40)
        assert len(list(client.items(job.id))) == 40
        assert all(len(item.artifacts) == 1 and item.raw["attempts"] == 1 for item in client.items(job.id))


def _quietly(client: Client, job_id: str) -> Iterator[str]:
    try:
        yield from (event.kind for event in client.events(job_id))
    except ConnectionError:
        return
