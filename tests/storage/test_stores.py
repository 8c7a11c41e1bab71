"""The contract of a store, for every store of the table."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from service.model.errors import Damaged, Gone, NotFound, StorageFull, StorageUnavailable
from service.model.settings import STORES, Settings
from service.storage import open_store
from service.storage.base import Store
from service.storage.local import LocalStore

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "local":
        return open_store(Settings(data_dir=str(tmp_path)))
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    endpoint = request.getfixturevalue("s3_endpoint")
    bucket = f"bucket-{os.urandom(4).hex()}"
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=bucket)
    return open_store(Settings(store="s3", s3_bucket=bucket, s3_prefix="colophon/", s3_endpoint=endpoint))


def test_what_was_put_is_got(store: Store) -> None:
    key = store.put(b"a book")
    assert store.get(key) == b"a book"
    assert store.size(key) == 6
    assert b"".join(store.stream(key)) == b"a book"
    assert store.put(b"a book") == key


def test_a_file_is_put_in_parts(store: Store, tmp_path: Path) -> None:
    data = os.urandom(9_000_000)
    (tmp_path / "large").write_bytes(data)
    with (tmp_path / "large").open("rb") as file:
        key = store.put_file(file)
        assert store.put_file(file) == key
    assert store.size(key) == len(data)
    assert store.get(key) == data
    assert store.put(data) == key


def test_only_what_was_not_put_again_is_discarded(store: Store) -> None:
    key = store.put(b"a book")
    assert not store.discard(key, time.time() - 60)
    assert store.get(key) == b"a book"
    assert store.discard(key, time.time() + 60)
    assert store.discard(key, time.time() + 60)
    with pytest.raises(Gone):
        store.get(key)


def test_a_put_at_the_same_moment_is_never_lost(tmp_path: Path) -> None:
    """Whatever a sweep does, a blob that was put after the moment it looks at is there."""
    store = open_store(Settings(data_dir=str(tmp_path)))
    key = store.put(b"wanted")
    with ThreadPoolExecutor(1) as threads:
        for _ in range(200):
            before = time.time()
            os.utime(tmp_path / "blobs" / key[:2] / key, (before - 100, before - 100))
            sweep = threads.submit(store.discard, key, before - 50)
            store.put(b"wanted")
            sweep.result()
            if not (tmp_path / "blobs" / key[:2] / key).exists():
                pytest.fail("the put was lost")


def test_a_range_is_streamed(store: Store) -> None:
    key = store.put(bytes(range(256)) * 10_000)
    assert b"".join(store.stream(key, 300, 5)) == bytes(range(44, 49))
    assert len(b"".join(store.stream(key, 2_559_990))) == 10


def test_what_is_not_there_is_gone(store: Store) -> None:
    key = store.put(b"to be deleted")
    store.delete(key)
    store.delete(key)
    for call in (store.get, store.size, store.stream):
        with pytest.raises(Gone):
            call(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "aa/" + "a" * 61])
def test_only_keys_are_keys(store: Store, key: str) -> None:
    with pytest.raises(NotFound):
        store.get(key)


def test_old_blobs_are_found(store: Store) -> None:
    key = store.put(b"old")
    assert list(store.keys(3_600)) == []
    time.sleep(1.1)
    assert list(store.keys(0)) == [key]


def test_the_store_can_be_checked(store: Store) -> None:
    store.check()


def test_local_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(Settings(data_dir=str(tmp_path)))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            store.put(b"does not fit")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.get(store.put(b"does not fit")) == b"does not fit"


def test_local_folder_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        open_store(Settings(data_dir=str(tmp_path))).put(b"a")


def test_s3_gives_an_address_to_download_from(store: Store) -> None:
    key = store.put(b"a book")
    address = store.url(key, "书.pdf", "application/pdf", 60)
    assert address is None or "%25E4%25B9%25A6.pdf" in address


def test_s3_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StorageUnavailable):
        open_store(Settings(store="s3", s3_bucket="b", s3_endpoint="http://127.0.0.1:9")).check()


def overwrite(store: Store, key: str, data: bytes) -> None:
    """Other bytes under the key, as a broken disk leaves them."""
    if isinstance(store, LocalStore):
        store._path(key).write_bytes(data)
    else:
        store.client.put_object(**store._name(key), Body=data)  # type: ignore[attr-defined]


DAMAGES = {
    "truncated": lambda data: data[: len(data) // 3],
    "emptied": lambda _: b"",
    "one byte": lambda data: data[:500] + bytes([data[500] ^ 1]) + data[501:],
    "grown": lambda data: data + b"\0",
}
DAMAGED = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
LOGGED = pytest.mark.logs("damage is an error in the log, for the operator")


@LOGGED
@DAMAGED
def test_a_damaged_blob_is_refused_and_written_again(store: Store, damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = os.urandom(20_000)
    key = store.put(data)
    assert store.verify(key) == len(data)
    overwrite(store, key, damage(data))
    for use in (store.get, store.verify):
        with pytest.raises(Damaged) as caught:
            use(key)
        assert caught.value.status == 410
    assert store.put(data) == key
    assert store.get(key) == data
    overwrite(store, key, damage(data))
    (tmp_path / "again").write_bytes(data)
    with (tmp_path / "again").open("rb") as file:
        store.put_file(file)
    assert store.verify(key) == len(data) and store.get(key) == data


@LOGGED
def test_a_large_blob_is_verified_too(store: Store, tmp_path: Path) -> None:
    data = os.urandom(9_000_000)
    (tmp_path / "large").write_bytes(data)
    with (tmp_path / "large").open("rb") as file:
        key = store.put_file(file)
    assert store.verify(key) == store.verify(key) == len(data)
    overwrite(store, key, data[:-1] + bytes([data[-1] ^ 8]))
    with pytest.raises(Damaged):
        store.verify(key)


def test_what_is_not_there_is_not_damaged(store: Store) -> None:
    with pytest.raises(Gone) as caught:
        store.verify("0" * 64)
    assert caught.value.code == "gone"


def test_listing_spares_the_temporary_files_of_writers(tmp_path: Path) -> None:
    store = open_store(Settings(data_dir=str(tmp_path)))
    key = store.put(b"kept")
    left, writing = (tmp_path / "blobs" / key[:2] / f".new-{name}" for name in ("left", "writing"))
    left.write_bytes(b"")
    writing.write_bytes(b"")
    os.utime(left, (1, 1))
    assert list(store.keys(-10)) == [key]
    assert writing.exists() and not left.exists()
