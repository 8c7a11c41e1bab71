"""Each call of the operating system by storage and caches fails in turn: nothing is half-written, and the next try works."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from service.model.errors import Gone, StorageFull, StorageUnavailable
from service.model.settings import Settings
from service.storage import open_store
from service.storage.base import Store
from service.storage.bounded_folder import BoundedFolder
from tests.faults import BROKEN, FULL, NO_MEMORY, READ_ONLY, S3_FAULTS, in_turn, of_files, of_s3

DATA, NAME = b"a book " * 5_000, "7" * 64
DATA_KEY = hashlib.sha256(DATA).hexdigest()
ERRORS = pytest.mark.parametrize("error", [FULL, BROKEN, READ_ONLY, NO_MEMORY], ids=["full", "broken", "read-only", "no memory"])
CLEAR = (StorageFull, StorageUnavailable, MemoryError)


@pytest.fixture(scope="module")
def s3_store() -> Iterator[Store]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        endpoint, bucket = f"http://{host}:{port}", f"bucket-{os.urandom(4).hex()}"
        boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=bucket)
        yield open_store(Settings(store="s3", s3_bucket=bucket, s3_endpoint=endpoint))
    server.stop()


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


OPERATIONS: dict[str, Callable[[Store, str], object]] = {
    "put": lambda store, _: store.put(DATA),
    "put again": lambda store, key: (store.put(DATA), store.put(DATA)),
    "put_file": lambda store, _: store.put_file(io.BytesIO(DATA)),
    "get": lambda store, key: store.get(key),
    "verify": lambda store, key: store.verify(key),
    "stream": lambda store, key: b"".join(store.stream(key, 3, 10)),
    "size": lambda store, key: store.size(key),
    "discard": lambda store, key: store.discard(key, 1e12),
    "delete": lambda store, key: store.delete(key),
    "check": lambda store, _: store.check(),
}


@ERRORS
@pytest.mark.parametrize("name", OPERATIONS)
def test_local_store(name: str, error: BaseException, tmp_path: Path) -> None:
    """After a fault the blob is there whole or not at all, nothing else is, and the operation works."""
    struck = 0
    for faults in in_turn(error):
        store = open_store(Settings(data_dir=str(tmp_path)))
        kept = store.put(b"another")
        key = store.put(b"what it is about") if name not in ("put", "put again", "put_file") else ""
        with of_files(faults), contextlib.suppress(*CLEAR):
            OPERATIONS[name](store, key)
        struck += faults.struck
        assert store.get(kept) == b"another"
        if "unlink" not in faults.heard[-2:]:  # what cannot be removed now is left to the sweep
            assert not list(tmp_path.rglob(".new-*")), faults.heard
        for path in tmp_path.rglob(".new-*"):
            path.unlink()
        assert all(store.get(each) == DATA for each in files(tmp_path) - {kept, key})
        if key:
            with contextlib.suppress(Gone):
                assert store.get(key) == b"what it is about"
        assert store.get(store.put(DATA)) == DATA
        store.delete(store.put(DATA))
    assert struck >= 1


@ERRORS
def test_caches_lose_the_entry_and_nothing_else(error: BaseException, tmp_path: Path) -> None:
    for operation in ("put", "get"):
        for faults in in_turn(error):
            folder = BoundedFolder(tmp_path / operation, 1_000_000)
            folder.put("1" * 64, b"kept")
            with of_files(faults), contextlib.suppress(MemoryError):
                folder.put(NAME, DATA) if operation == "put" else folder.get("1" * 64)
            assert folder.get("1" * 64) == b"kept"
            assert folder.get(NAME) in (None, DATA)
            if "unlink" not in faults.heard[-2:]:
                assert not list(tmp_path.rglob(".new-*")), faults.heard
            for path in tmp_path.rglob(".new-*"):
                path.unlink()
            assert folder.put(NAME, DATA) and folder.get(NAME) == DATA
            (tmp_path / operation / NAME[:2] / NAME).unlink()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("fault", S3_FAULTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_s3_store(name: str, fault: str, s3_store: Store) -> None:
    """A clear error, the blob whole or not there, and the operation works the next time."""
    struck = 0
    for faults in in_turn(S3_FAULTS[fault]):
        kept = s3_store.put(b"another")
        key = s3_store.put(b"what it is about") if name not in ("put", "put again", "put_file") else ""
        with of_s3(faults), contextlib.suppress(StorageUnavailable):
            OPERATIONS[name](s3_store, key)
        struck += faults.struck
        assert s3_store.get(kept) == b"another"
        with contextlib.suppress(Gone):
            assert s3_store.get(DATA_KEY) == DATA
        assert s3_store.get(s3_store.put(DATA)) == DATA
        s3_store.delete(DATA_KEY)
    assert struck >= 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("fault", S3_FAULTS)
def test_s3_store_of_a_file_in_parts(fault: str, s3_store: Store) -> None:
    large = b"0123456789" * 900_000
    for faults in in_turn(S3_FAULTS[fault]):
        with of_s3(faults), contextlib.suppress(StorageUnavailable):
            s3_store.put_file(io.BytesIO(large))
        with contextlib.suppress(Gone):
            assert s3_store.get(hashlib.sha256(large).hexdigest()) == large
