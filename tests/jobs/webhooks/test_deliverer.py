"""The outbox is worked off, by as many processes as there are, and what a receiver refuses is tried again."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import options
from service.jobs.records import Delivery, NewJob, NewSource
from service.jobs.store import JobStore
from service.jobs.webhooks import message
from service.jobs.webhooks.deliverer import Deliverer
from service.model.settings import Settings
from service.network.addresses import Guard
from service.storage import open_store
from tests.jobs.webhooks.test_message import OWED
from tests.network.test_connections import deaf, drip_without_end, listener
from tests.receivers import Answer, Receiver, receiver
from tests.waiting import wait_for

Owe = Callable[[Receiver], str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    settings = Settings(data_dir=str(tmp_path), fetch_allow="127.0.0.0/8,127.0.0.1")
    jobs = JobStore(settings, open_store(settings))
    yield jobs
    jobs.close()


@pytest.fixture
def owe(store: JobStore) -> Owe:
    """A job that ended, so that its webhook is owed; its id."""

    def end(server: Receiver) -> str:
        source = NewSource("a.md", store.blobs.put(b"text"))
        job, _ = store.create(NewJob(options.defaults("docx"), [source], webhook_url=server.url + "/hook"))
        store.cancel(job.id)
        return job.id

    return end


def run(store: JobStore, count: int = 1) -> list[Deliverer]:
    deliverers = [Deliverer(store, store.settings) for _ in range(count)]
    for each in deliverers:
        each.start()
    return deliverers


def states(store: JobStore, job_id: str) -> list[str]:
    return [each.state for each in store.deliveries(job_id)]


def test_several_deliverers_send_each_message_once(store: JobStore, owe: Owe) -> None:
    with receiver() as server:
        ids = [owe(server) for _ in range(20)]
        deliverers = run(store, 3)
        wait_for(lambda: all(states(store, each) == ["delivered"] for each in ids))
        for each in deliverers:
            each.stop()
        assert len(server.asked) == len({asked.headers["webhook-id"] for asked in server.asked}) == 20


def test_a_refusal_is_logged_and_tried_again_later(store: JobStore, owe: Owe) -> None:
    with receiver(Answer(500), Answer(200)) as server:
        job_id = owe(server)
        (deliverer,) = run(store)
        wait_for(lambda: bool(store.deliveries(job_id)[0].attempts))
        (delivery,) = store.deliveries(job_id)
        assert (delivery.state, delivery.last_status, delivery.attempts) == ("pending", 500, 1)
        assert delivery.next_at is not None
        assert datetime.now(UTC) < delivery.next_at < datetime.now(UTC) + timedelta(seconds=10)
        wait_for(lambda: states(store, job_id) == ["delivered"])
        deliverer.stop()
        assert server.asked[0].headers["webhook-id"] == server.asked[1].headers["webhook-id"]
        assert server.asked[0].body == server.asked[1].body


def test_gone_stops_it(store: JobStore, owe: Owe) -> None:
    with receiver(Answer(410)) as server:
        job_id = owe(server)
        (deliverer,) = run(store)
        wait_for(lambda: states(store, job_id) == ["failed"])
        deliverer.stop()
        assert len(server.asked) == 1


class Owed:
    """An outbox with these deliveries, and what was recorded: the status of each attempt."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self.waiting, self.statuses = list(deliveries), dict[str, int | None]()

    def due_deliveries(self, limit: int, lease_seconds: float) -> Sequence[Delivery]:
        due, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return due

    def record_attempt(self, delivery: Delivery, status: int | None, error: str, next_at: datetime | None) -> bool:
        self.statuses[delivery.id] = status
        return True


def test_a_receiver_that_drips_ends_in_time_and_delays_no_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its name has a dead address first, and its answer never ends."""
    monkeypatch.setattr(message, "SECONDS", 2.0)
    with deaf() as dead, listener(drip_without_end) as dripping, receiver() as good:
        ports = {"slow.example": (dead, dripping), "good.example": (good.server_address[1],)}

        def resolve(host: str, port: int, **_: object) -> list[object]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each)) for each in ports[host]]

        hosts = ["slow.example"] * 3 + ["good.example"] * 9
        outbox = Owed([replace(OWED, id=f"evt_{at}", url=f"http://{host}/hook") for at, host in enumerate(hosts)])
        made = Deliverer(outbox, Settings(data_dir=str(tmp_path)), Guard(allow=tuple(ports), resolve=resolve))
        made.start()
        wait_for(lambda: len(outbox.statuses) == len(hosts))
        made.stop()
    assert [outbox.statuses[f"evt_{at}"] for at in range(len(hosts))] == [None] * 3 + [200] * 9
