"""The worker of a tenant, and the extra worker while tenants change."""

from __future__ import annotations

import queue
from types import SimpleNamespace
from typing import Any

import pytest

from service.workers.idle import Idle


def worker(tenant: str | None) -> Any:
    return SimpleNamespace(tenant=tenant)


def missed(idle: Idle, tenant: str) -> None:
    """The tenant asks, and there is nothing for it."""
    with pytest.raises(queue.Empty):
        idle.take(tenant)


def test_a_worker_belongs_to_the_tenant_that_took_it() -> None:
    idle, new = Idle(), worker(None)
    idle.put(new)
    assert idle.take("one") is new
    idle.put(new)
    missed(idle, "two")
    assert idle.take("one") is new


def test_where_only_others_workers_wait_one_ends_and_one_more_is_kept() -> None:
    idle, others = Idle(), worker("one")
    idle.put(others)
    missed(idle, "two")
    assert idle.missed("two", to_end=True) is others
    assert idle.more == 1 and len(idle) == 0


def test_where_no_one_waits_no_more_are_kept() -> None:
    idle = Idle()
    missed(idle, "two")
    assert idle.missed("two", to_end=True) is None
    assert idle.more == 0


@pytest.mark.parametrize("tenant", [None, "two"], ids=["new", "its own"])
def test_a_worker_that_comes_right_after_the_miss_changes_nothing(tenant: str | None) -> None:
    """Else a pool that has just started keeps one worker too many for a minute."""
    idle = Idle()
    idle.put(worker("one"))
    missed(idle, "two")
    idle.put(came := worker(tenant))
    assert idle.missed("two", to_end=True) is None
    assert idle.more == 0 and len(idle) == 2
    assert idle.take("two") is came
