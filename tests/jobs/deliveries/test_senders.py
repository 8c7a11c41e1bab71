"""Artifacts reach a URL, a bucket and a mailbox; once, though an attempt is made again; on SQLite and PostgreSQL."""

from __future__ import annotations

import email
import email.policy
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import boto3
import pytest
from moto.server import ThreadedMotoServer

from service.jobs.deliveries import senders
from service.jobs.records import Delivery, Destination, Job, NewArtifact
from service.jobs.store import JobStore
from service.jobs.webhooks import message
from service.jobs.webhooks.deliverer import Deliverer
from service.model.settings import Settings
from service.network.addresses import Guard
from service.storage import open_store
from tests.jobs.conftest import new_job
from tests.mail_server import MailServer, mail_server
from tests.receivers import Answer, receiver
from tests.waiting import wait_for

SECRET = "X-Amz-Signature=5ec2e7"
LOCAL = {"fetch_allow": "127.0.0.0/8,127.0.0.1", "deliver_put": True, "deliver_http": True}


@pytest.fixture
def settings(job_settings: Settings) -> Settings:
    return replace(job_settings, **LOCAL)


@pytest.fixture
def store(settings: Settings) -> Iterator[JobStore]:
    opened = JobStore(settings, open_store(settings))
    yield opened
    opened.close()


def ended(store: JobStore, *to: Destination, count: int = 1, failing: int = 0, **more: object) -> Job:
    """A job whose items made one EPUB each; the first `failing` failed."""
    job, _ = store.create(replace(new_job(store, count, **more), destinations=to))  # type: ignore[arg-type]
    for number in range(count):
        claim = store.queue.claim("somebody")
        assert claim is not None
        if number < failing:
            store.queue.finish(claim, problem=message.ForbiddenUrl("no"))
            continue
        data = f"PK {number}".encode()
        made = NewArtifact(f"{number}.epub", "epub", "application/epub+zip", len(data), store.blobs.put(data))
        store.queue.finish(claim, produced=[made])
    return job


def due(store: JobStore, lease: float = 60.0) -> Sequence[Delivery]:
    return store.due_deliveries(20, lease)


def attempt(delivery: Delivery, store: JobStore, settings: Settings) -> message.Attempt:
    return senders.send(delivery, store, settings, Guard.of_webhooks(settings))


def run_until_done(store: JobStore, settings: Settings, job: Job) -> list[Delivery]:
    deliverer = Deliverer(store, settings)
    deliverer.start()
    wait_for(lambda: all(each.state != "pending" for each in store.deliveries(job.id)))
    deliverer.stop()
    return store.deliveries(job.id)


def parsed(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def with_mail(settings: Settings, server: MailServer, **more: object) -> Settings:
    about = {"mail_host": "127.0.0.1", "mail_port": server.port, "mail_security": "none", "mail_from": "press@lamps.example"}
    return replace(settings, **{**about, "mail_allow": "*@kindle.example, ida@lamps.example", **more})


# A pre-signed URL


def test_each_artifact_goes_to_its_url(store: JobStore, settings: Settings) -> None:
    with receiver() as server:
        to = [Destination("put", f"{server.url}/{number}?{SECRET}", number) for number in range(2)]
        reported = run_until_done(store, settings, ended(store, *to, count=2))
        assert [(each.state, each.last_status, each.attempts) for each in reported] == [("delivered", 200, 1)] * 2
        assert {each.path: each.body for each in server.asked} == {f"/{n}?{SECRET}": f"PK {n}".encode() for n in range(2)}
        assert {each.method for each in server.asked} == {"PUT"}
        assert {each.headers["content-type"] for each in server.asked} == {"application/epub+zip"}


def test_the_deliveries_of_an_event_are_listed_in_the_order_of_their_destinations(store: JobStore) -> None:
    """They are written in one transaction, and their identifiers are random: only their place says which one was first."""
    urls = [f"http://127.0.0.1:9/{number}" for number in range(12)]
    job = ended(store, *(Destination("put", url, 0) for url in urls))
    assert [each.url for each in store.deliveries(job.id)] == urls
    assert [each.url for each in due(store)] == urls


def test_the_url_of_a_source_that_failed_gets_nothing(store: JobStore, settings: Settings) -> None:
    with receiver() as server:
        to = [Destination("put", f"{server.url}/{number}", number) for number in range(2)]
        first, second = run_until_done(store, settings, ended(store, *to, count=2, failing=1))
        assert (first.state, first.last_error) == ("failed", "the artifact was not made")
        assert second.state == "delivered" and [each.path for each in server.asked] == ["/1"]


@pytest.mark.parametrize(("status", "state"), [(503, "pending"), (429, "pending"), (403, "failed"), (302, "failed")])
def test_only_what_is_temporary_is_tried_again(store: JobStore, settings: Settings, status: int, state: str) -> None:
    with receiver(Answer(status, headers={"Location": "http://127.0.0.1/"})) as server:
        ended(store, Destination("put", f"{server.url}/a?{SECRET}", 0))
        (delivery,) = due(store)
        found = attempt(delivery, store, settings)
        again = message.next_at(delivery, found, datetime.now(UTC))
        store.record_attempt(delivery, found.status, found.error, again)
        (reported,) = store.deliveries(delivery.job_id)
        assert (reported.state, reported.last_status) == (state, status) and len(server.asked) == 1


def test_secrets_of_a_url_are_neither_shown_nor_logged(
    store: JobStore, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver(Answer(403)) as server:
        job = ended(store, Destination("put", f"{server.url}/a/b.epub?{SECRET}", 0))
        (reported,) = run_until_done(store, settings, job)
        assert reported.url == f"{server.url}/a/b.epub"
        assert SECRET not in repr(reported) and SECRET not in caplog.text and SECRET not in repr(due(store))
        assert SECRET not in str([event.data for event in store.events(job.id)])


def test_a_url_that_the_guard_refuses_gets_nothing(store: JobStore, settings: Settings) -> None:
    with receiver() as server:
        ended(store, Destination("put", f"{server.url}/a", 0))
        (delivery,) = due(store)
        assert attempt(delivery, store, replace(settings, deliver_http=False)).error == "Only https URLs receive artifacts."
        closed = Guard.of_webhooks(replace(settings, fetch_allow=""))
        assert senders.send(delivery, store, replace(settings, fetch_allow=""), closed).status is None
        assert server.asked == []


def test_artifacts_that_expired_end_the_delivery(store: JobStore, settings: Settings) -> None:
    with receiver() as server:
        job = ended(store, Destination("put", f"{server.url}/a", 0))
        store.blobs.delete(store.items(job.id)[0][0].artifacts[0].sha256)
        (reported,) = run_until_done(store, settings, job)
        assert (reported.state, reported.last_error) == ("failed", senders.EXPIRED) and server.asked == []


# A bucket


@pytest.fixture(scope="module")
def bucket_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket="results")
        yield f"http://{host}:{port}"
    server.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bucket_gets_an_object_for_each_artifact(store: JobStore, settings: Settings, bucket_endpoint: str) -> None:
    used = replace(settings, deliver_bucket="results", deliver_prefix="house", deliver_endpoint=bucket_endpoint)
    job = ended(store, Destination("s3", "nightly/1"), count=2, tenant="0123456789ab")
    for _ in range(2):  # the first attempt ends without a record
        (delivery,) = due(store, lease=-1)
        assert attempt(delivery, store, used).delivered
    client = boto3.client("s3", endpoint_url=bucket_endpoint)
    names = [each["Key"] for each in client.list_objects_v2(Bucket="results", Prefix="house/0123456789ab/nightly/")["Contents"]]
    assert names == [f"house/0123456789ab/nightly/1/{number}.epub" for number in range(2)]
    found = client.get_object(Bucket="results", Key=names[1])
    assert found["Body"].read() == b"PK 1" and found["ContentType"] == "application/epub+zip"
    (reported,) = run_until_done(store, used, job)
    assert reported.state == "delivered" and reported.url == "nightly/1"


def test_a_bucket_that_is_away_is_tried_again(store: JobStore, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    ended(store, Destination("s3", "nightly"))
    (delivery,) = due(store)
    found = attempt(delivery, store, replace(settings, deliver_bucket="results", deliver_endpoint="http://127.0.0.1:9"))
    assert not found.delivered and not found.final


# A mail


def test_one_mail_has_all_artifacts(store: JobStore, settings: Settings) -> None:
    with mail_server() as server:
        used = with_mail(settings, server)
        job = ended(store, Destination("mail", "ida@kindle.example"), count=2, name="Night\r\nBcc: other@lamps.example")
        (reported,) = run_until_done(store, used, job)
        assert (reported.state, reported.last_status, reported.url) == ("delivered", 250, "ida@kindle.example")
        (taken,) = server.taken
    assert taken.recipients == ("ida@kindle.example",) and "press@lamps.example" in taken.sender
    mail = parsed(taken.data)
    assert mail["Subject"] == "Night Bcc: other@lamps.example" and mail["Bcc"] is None
    assert mail["Message-ID"] == f"<{reported.id}@lamps.example>"
    text, *files = mail.iter_parts()
    assert "0.epub" in text.get_content()
    assert [(each.get_content_type(), each.get_filename(), each.get_content()) for each in files] == [
        ("application/epub+zip", f"{number}.epub", f"PK {number}".encode()) for number in range(2)
    ]


def test_a_mail_that_is_sent_again_is_the_same_mail(store: JobStore, settings: Settings) -> None:
    """The server took it, and its answer was lost, or the process died before the record."""
    with mail_server(END=[""]) as server:
        used = with_mail(settings, server)
        ended(store, Destination("mail", "ida@lamps.example"))
        (delivery,) = due(store, lease=-1)
        assert not attempt(delivery, store, used).delivered
        (again,) = due(store)
        assert again.id == delivery.id and attempt(again, store, used).delivered
        first, second = server.taken
    assert first == second and parsed(first.data)["Message-ID"]


@pytest.mark.parametrize(
    ("replies", "status", "final"),
    [
        ({"RCPT": ["550 unknown"]}, 550, True), ({"RCPT": ["450 later"]}, 450, False), ({"END": ["552 too large"]}, 552, True),
        ({"END": ["451 later"]}, 451, False), ({"MAIL": [""]}, None, False), ({"DATA": [""]}, None, False),
    ],
)  # fmt: skip
def test_what_a_mail_server_refuses(
    store: JobStore, settings: Settings, replies: dict[str, list[str]], status: int | None, final: bool
) -> None:
    with mail_server(**replies) as server:
        ended(store, Destination("mail", "ida@lamps.example"))
        (delivery,) = due(store)
        found = attempt(delivery, store, with_mail(settings, server))
        assert (found.status if status else None, found.final, found.delivered) == (status, final, False)
        assert "ida@" not in found.error


def test_login_and_encryption(store: JobStore, settings: Settings) -> None:
    ended(store, Destination("mail", "ida@lamps.example"))
    (delivery,) = due(store)
    with mail_server(login=("press", "wick")) as server:
        used = with_mail(settings, server, mail_user="press", mail_password="wick")
        wrong = attempt(delivery, store, replace(used, mail_password="oil"))
        assert wrong.status == 535 and not wrong.final and "oil" not in wrong.error
        plain = attempt(delivery, store, replace(used, mail_security="starttls"))
        assert "encryption" in plain.error and server.taken == []
        assert attempt(delivery, store, used).delivered


def test_a_mail_that_is_too_large_is_not_sent(store: JobStore, settings: Settings) -> None:
    with mail_server() as server:
        job = ended(store, Destination("mail", "ida@lamps.example"))
        (reported,) = run_until_done(store, with_mail(settings, server, mail_size=100), job)
        assert reported.state == "failed" and "100 are allowed" in reported.last_error and server.taken == []


def test_a_recipient_who_is_no_longer_allowed_gets_nothing(store: JobStore, settings: Settings) -> None:
    with mail_server() as server:
        ended(store, Destination("mail", "ida@lamps.example"))
        (delivery,) = due(store)
        assert attempt(delivery, store, with_mail(settings, server, mail_allow="*@kindle.example")).final
        assert server.taken == []


# The outbox


def test_a_delivery_belongs_to_one_process(store: JobStore, settings: Settings) -> None:
    ended(store, Destination("put", "https://lamps.example/a", 0))
    (first,) = due(store, lease=-1)
    (second,) = due(store)
    assert not store.begin_attempt(first, 60) and store.begin_attempt(second, 600)
    assert due(store) == []


def test_only_artifacts_are_delivered(store: JobStore) -> None:
    job, _ = store.create(replace(new_job(store), destinations=(Destination("put", "https://lamps.example/a", 0),)))
    store.cancel(job.id)
    assert store.deliveries(job.id) == []
    failed = ended(store, Destination("put", "https://lamps.example/a", 0), failing=1)
    assert store.deliveries(failed.id) == []


def test_slow_receivers_end_in_time(store: JobStore, settings: Settings) -> None:
    """A receiver that never answers costs one attempt its time, and the next attempt comes later."""
    from tests.network.test_connections import deaf

    with deaf() as port:
        ended(store, Destination("put", f"http://127.0.0.1:{port}/a", 0))
        (delivery,) = due(store)
        found = attempt(delivery, store, replace(settings, deliver_timeout=1.0))
        assert found.status is None and not found.final
        again = message.next_at(delivery, found, datetime.now(UTC))
        assert again is not None and again < datetime.now(UTC) + timedelta(seconds=10)
