"""Each call of the operating system by storage and caches fails in turn: nothing is half-written, and the next try works."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from service.model.errors import Gone, StorageFull, StorageUnavailable
from service.model.settings import Settings
from service.storage import open_store
from service.storage.base import Store
from service.storage.bounded_folder import BoundedFolder
from tests.faults import BROKEN, FULL, NO_MEMORY, READ_ONLY, in_turn, of_files

DATA, NAME = b"a book " * 5_000, "7" * 64
ERRORS = pytest.mark.parametrize("error", [FULL, BROKEN, READ_ONLY, NO_MEMORY], ids=["full", "broken", "read-only", "no memory"])
CLEAR = (StorageFull, StorageUnavailable, MemoryError)


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
        if "unlink" not in faults.heard[-2:]:  # what can't be removed now is left to the sweep
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
