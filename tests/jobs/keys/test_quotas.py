"""Quotas are exact: of two processes that ask at once for the last unit, one gets it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select, text, update

from service.jobs.keys.quotas import Quotas
from service.jobs.keys.rate_limits import Standing, policies, written
from service.jobs.keys.records import Key, Limits
from service.jobs.keys.store import KeyStore
from service.jobs.store import JobStore
from service.jobs.tables import clock, quota_leases, quota_windows
from service.model.errors import QuotaExceeded
from service.model.settings import Settings
from tests import racers

TRIES = 8
# Waits for the word, then requests units at once, keeps them, and prints the number that it got.
RACER = """
import contextlib, sys
from service.model.settings import Settings
from service.model.errors import QuotaExceeded
from service.jobs.database import Database
from service.jobs.keys.quotas import Quotas
from service.jobs.keys.store import KeyStore
settings = Settings(data_dir=sys.argv[1], database_url=sys.argv[2])
database = Database(settings)
key, quotas = KeyStore(database).find(sys.argv[3]), Quotas(settings, database)
print("ready", flush=True)
sys.stdin.readline()
got = 0
with contextlib.ExitStack() as held:
    for _ in range(int(sys.argv[4])):
        if sys.argv[5] == "requests":
            got += not quotas.request(key).refused
        else:
            with contextlib.suppress(QuotaExceeded):
                held.enter_context(quotas.conversion(key))
                got += 1
    print(got, flush=True)
    sys.stdin.readline()
"""


def made(keys: KeyStore, **limits: int) -> tuple[Key, str]:
    return keys.create("test", ("convert",), Limits(**limits))


@pytest.mark.parametrize(
    ("what", "limits", "granted"),
    [("requests", {"requests": 11}, 11), ("conversions", {"conversions": 5}, 5), ("cpu", {"cpu_seconds": 7}, 7)],
)
def test_processes_that_race_get_what_there_is_and_no_more(
    job_settings: Settings, keys: KeyStore, what: str, limits: dict[str, int], granted: int
) -> None:
    key, secret = made(keys, **limits)
    got = racers.raced(RACER, job_settings.data_dir, job_settings.database_url, secret, str(TRIES), what)
    assert sum(got) == granted
    assert key.limits != Limits()


@pytest.fixture
def quotas(store: JobStore) -> Quotas:
    return store.quotas


def test_threads_that_race(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys, requests=20)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: quotas.request(key), range(40)))
    assert sum(not each.refused for each in found if each) == 20
    assert sorted(each.left for each in found if each and not each.refused) == list(range(20))


def test_a_window_ends(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys, requests=1)
    first, second = quotas.request(key), quotas.request(key)
    assert first == Standing("requests", 1, 0, 60)
    assert second is not None and second.refused
    assert second.reset is not None and 50 < second.reset <= 60
    with quotas.database.writing() as connection:
        connection.execute(update(quota_windows).values(starts_at=clock() - 60))
    again = quotas.request(key)
    assert again == first


def test_a_key_without_limits_is_not_counted(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys)
    assert quotas.request(key) is None
    for whose in (key, None):
        with quotas.conversion(whose) as spending:
            spending.cancellation.charge(5.0)
        assert spending.standings == []
    with quotas.database.reading() as connection:
        assert connection.execute(select(quota_windows)).first() is None


def test_conversions_at_once(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys, conversions=1)
    with quotas.conversion(key) as spending, pytest.raises(QuotaExceeded, match="1 conversions at once"), quotas.conversion(key):
        pass
    assert spending.standings == [Standing("conversions", 1, 1)]
    with quotas.conversion(key):
        pass


def test_a_killed_process_holds_its_place_no_longer_than_its_lease(
    job_settings: Settings, keys: KeyStore, quotas: Quotas
) -> None:
    key, secret = made(keys, conversions=1)
    with racers.racer(RACER, job_settings.data_dir, job_settings.database_url, secret, "1", "conversions") as racer:
        racers.go(racer)
        assert [racers.reported(racer) for _ in range(2)] == ["ready", "1"]
        racer.kill()
    with pytest.raises(QuotaExceeded), quotas.conversion(key):
        pass
    with quotas.database.writing() as connection:
        left = connection.execute(select(quota_leases.c.until - clock())).scalar_one()
        assert quotas.lease - 30 < left <= quotas.lease < 600
        connection.execute(update(quota_leases).values(until=clock()))
    with quotas.conversion(key):
        pass


def test_cpu_is_settled_by_what_it_cost(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys, cpu_seconds=3)
    for cost, left in ((0.25, 2), (0.0, 2), (2.5, 0)):
        with quotas.conversion(key) as spending:
            assert spending.cancellation is not None
            spending.cancellation.charge(cost)
        assert [each.left for each in spending.standings] == [left]
    with pytest.raises(QuotaExceeded) as caught, quotas.conversion(key):
        pass
    assert caught.value.retry_after is not None and 86_000 < caught.value.retry_after <= 86_400
    assert caught.value.extra == {"quota": "cpu-seconds", "limit": 3}


def test_what_failed_has_cost_what_it_cost(keys: KeyStore, quotas: Quotas) -> None:
    key, _ = made(keys, cpu_seconds=60)
    with pytest.raises(ZeroDivisionError), quotas.conversion(key) as spending:
        assert spending.cancellation is not None
        spending.cancellation.charge(30)
        raise ZeroDivisionError
    assert [each.left for each in quotas.standings(key)] == [30]


def test_counting_is_not_synced_and_all_else_is(store: JobStore) -> None:
    if store.database.url.get_backend_name() != "sqlite":
        with store.database.counting() as connection:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "off"
        with store.database.writing() as connection:
            assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        return
    for write, expected in ((store.database.counting, 1), (store.database.writing, 2), (store.database.counting, 1)):
        with write() as connection:
            assert connection.execute(text("PRAGMA synchronous")).scalar() == expected


def test_the_check_costs_little(store: JobStore, keys: KeyStore, quotas: Quotas) -> None:
    """No timed assert: the statements are counted. One read for the key, one write for its limit."""
    _, reported = made(keys, requests=1_000)
    said: list[str] = []
    event.listen(store.database.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    quotas.request(keys.find(reported))
    data = [each for each in said if each.split()[0] not in ("BEGIN", "PRAGMA", "SET")]
    assert [each.split()[0] for each in data] == ["SELECT", "INSERT"]


def test_as_header_fields() -> None:
    assert policies(Limits(5, 2, 600)) == (
        '"requests";q=5;w=60, "conversions";q=2;qu="concurrent-requests", "cpu-seconds";q=600;qu="cpu-seconds";w=86400'
    )
    assert policies(Limits(queued=9)) == '"queued";q=9;qu="items"'
    assert policies(Limits()) == ""
    assert written([Standing("requests", 5, 4, 60), Standing("conversions", 2, 1)]) == '"requests";r=4;t=60, "conversions";r=1'
