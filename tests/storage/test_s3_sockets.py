"""An object store behind a socket that fails in every way: a clear error within a limit, whole blobs, and then it works again."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from service.model.errors import Gone, StorageUnavailable
from service.model.settings import Settings
from service.storage import open_store, s3
from service.storage.base import Store
from tests.broken_proxy import FAULTS, BrokenProxy, broken_proxy
from tests.faults import COUNTS
from tests.storage.test_faults import DATA, DATA_KEY, OPERATIONS

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    # urllib3 leaves a socket that broke within an answer to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
Proxied = tuple[Store, Store, BrokenProxy]


@pytest.fixture(scope="module")
def proxied() -> Iterator[Proxied]:
    """A store with its own limits, one of little patience, and what is between them and the server."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch, broken_proxy(int(port)) as proxy:
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        bucket = f"bucket-{os.urandom(4).hex()}"
        boto3.client("s3", endpoint_url=f"http://{host}:{port}").create_bucket(Bucket=bucket)
        settings = Settings(store="s3", s3_bucket=bucket, s3_endpoint=f"http://127.0.0.1:{proxy.port}")
        store = open_store(settings)
        patch.setattr(s3, "SILENCE", 1)
        patch.setattr(s3, "CHECK_SILENCE", 1)
        yield store, open_store(settings), proxy
    server.stop()


@pytest.fixture(autouse=True)
def healed(proxied: Proxied) -> Iterator[None]:
    yield
    proxied[2].fault = ""


@pytest.mark.parametrize("fault", [*FAULTS, "portal"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation(name: str, fault: str, proxied: Proxied) -> None:
    store, impatient, proxy = proxied
    kept = store.put(b"another")
    key = store.put(b"what it is about") if name not in ("put", "put again", "put_file") else ""
    proxy.fault = fault
    if name == "delete" and fault in ("portal", "half an answer"):  # a first line says all that these answers say
        OPERATIONS[name](impatient, key)
    else:
        with pytest.raises(StorageUnavailable) as caught:
            OPERATIONS[name](impatient, key)
        assert caught.value.status == 503 and caught.value.retry_after
    COUNTS[f"S3 socket {fault}"] += 1
    proxy.fault = ""
    assert store.get(kept) == b"another"
    with contextlib.suppress(Gone):
        assert store.get(DATA_KEY) == DATA
    if key and name not in ("discard", "delete"):
        assert store.get(key) == b"what it is about"
    assert store.get(store.put(DATA)) == DATA
    store.delete(DATA_KEY)


@pytest.mark.parametrize("fault", [*FAULTS, "portal"])
def test_a_file_in_parts(fault: str, proxied: Proxied) -> None:
    store, impatient, proxy = proxied
    large = b"0123456789" * 900_000
    key = hashlib.sha256(large).hexdigest()
    proxy.fault = fault
    with pytest.raises(StorageUnavailable):
        impatient.put_file(io.BytesIO(large))
    proxy.fault = ""
    with contextlib.suppress(Gone):
        assert store.get(key) == large
    assert store.put_file(io.BytesIO(large)) == key
    assert store.get(key) == large
    store.delete(key)


def test_a_download_that_is_cut_is_an_error_and_never_a_shorter_file(proxied: Proxied) -> None:
    store, impatient, proxy = proxied
    large = os.urandom(6_000_000)
    key = store.put(large)
    for fault in ("reset midway", "silent", "half an answer"):
        chunks = impatient.stream(key)
        got = next(chunks)
        proxy.fault = fault
        with contextlib.suppress(StorageUnavailable):
            for chunk in chunks:
                got += chunk
            assert got == large  # the rest was on its way already
        assert large.startswith(got)
        proxy.fault = "reset"
        proxy.fault = ""
    assert store.get(key) == large
