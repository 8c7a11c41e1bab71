"""Keys are created once, shown once, and open nothing when they are expired, revoked or only nearly right."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from service.jobs.keys import secret
from service.jobs.keys.records import Limits
from service.jobs.keys.store import KeyStore
from service.jobs.tables import api_keys, clock
from service.model.errors import NotFound, Unauthorized


def test_a_key_is_found_by_its_text(keys: KeyStore) -> None:
    key, reported = keys.create("shop", ("convert",), Limits(requests=5, cpu_seconds=60), days=1)
    assert secret.FORM.fullmatch(reported)
    assert keys.find(reported) == key
    assert (key.name, key.scopes, key.limits) == ("shop", ("convert",), Limits(5, 0, 60))
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).total_seconds() == pytest.approx(86_400, abs=1)


def test_what_the_settings_give_to_those_without(keys: KeyStore) -> None:
    given = KeyStore(keys.database, 5)
    for own, held in ((0, 5), (3, 3), (8, 8)):
        key, reported = given.create("shop", ("jobs",), Limits(queued=own))
        assert given.find(reported).limits == Limits(queued=held)
        assert keys.find(reported) == key
    assert [key.limits.queued for key in given.all()] == [0, 3, 8]


def test_only_a_hash_is_kept(keys: KeyStore) -> None:
    _, reported = keys.create("shop", ("convert",), Limits())
    with keys.database.reading() as connection:
        row = connection.execute(select(api_keys)).one()
    assert reported.rpartition("_")[2] not in str(row)
    assert secret.digest(reported.rpartition("_")[2]) in str(row)


def test_what_opens_nothing(keys: KeyStore) -> None:
    key, reported = keys.create("shop", ("convert",), Limits())
    other = keys.create("other", ("convert",), Limits())[1]
    crossed = f"colophon_{key.id}_{other.rpartition('_')[2]}"
    last = "0" if reported[-1] != "0" else "1"
    for wrong in (
        "",
        "colophon",
        reported[:-1],
        reported[:-1] + last,
        reported + "0",
        reported.upper(),
        crossed,
        f"colophon_{'0' * 12}_{'0' * 64}",
    ):
        with pytest.raises(Unauthorized):
            keys.find(wrong)
    assert keys.find(reported) == key


def test_an_expired_key_opens_nothing(keys: KeyStore) -> None:
    key, reported = keys.create("shop", ("convert",), Limits(), days=1)
    with keys.database.writing() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(expires_at=clock()))
    with pytest.raises(Unauthorized, match="expired"):
        keys.find(reported)


def test_a_revoked_key_opens_nothing(keys: KeyStore) -> None:
    key, reported = keys.create("shop", ("convert",), Limits())
    first = keys.revoke(key.id).revoked_at
    assert keys.revoke(key.id).revoked_at == first
    with pytest.raises(Unauthorized, match="revoked"):
        keys.find(reported)
    with pytest.raises(NotFound):
        keys.revoke("nobody")


def test_they_are_listed_in_the_order_of_their_making(keys: KeyStore) -> None:
    names = ["first", "second", "third"]
    for name in names:
        keys.create(name, ("jobs",), Limits())
    assert [key.name for key in keys.all()] == names


def test_the_comparison_is_of_hashes_of_one_length(keys: KeyStore) -> None:
    """Neither an unknown id nor a wrong secret is reported sooner: both are hashed and compared by `hmac.compare_digest`."""
    assert not secret.matches("0" * 64, None)
    assert not secret.matches("", secret.digest("x"))
    assert secret.matches("x", secret.digest("x"))
    with keys.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM api_keys")).scalar() == 0
