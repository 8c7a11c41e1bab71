"""Blobs in S3 or a compatible server. Settings name bucket and endpoint; boto3 finds the credentials in its usual places."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import quote

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from service.model.errors import Gone, NotFound, StorageUnavailable
from service.model.settings import Settings
from service.storage.base import CHUNK, Verified, damaged, digest, verified

BOTO: Any = boto3  # untyped
BOTO_CONFIG: Any = Config
CONNECT, SILENCE, TRIES = 3, 10, 2  # seconds, seconds without a byte, attempts: 503 within half a minute
CHECK_SILENCE = 2  # seconds, for readiness, which tries once
KEY = re.compile(r"[0-9a-f]{64}")
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


@contextmanager
def _mapped() -> Iterator[None]:
    """Translates the errors of boto3."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in ABSENT:
            raise Gone("The file has expired and was removed.") from error
        raise StorageUnavailable(retry_after=10) from error
    except (BotoCoreError, Boto3Error, ResponseParserError, KeyError) as error:
        # Boto3Error: from uploads in parts. KeyError: an answer lacks a field of the protocol.
        raise StorageUnavailable(retry_after=10) from error


def _answered(answer: Any) -> Any:
    """The answer to a call about a blob. Raises StorageUnavailable if it is from a proxy or a portal instead."""
    if "ETag" not in answer:
        raise StorageUnavailable(retry_after=10)
    return answer


def _client(endpoint: str, silence: float, tries: int) -> Any:
    config: Any = BOTO_CONFIG(
        connect_timeout=CONNECT, read_timeout=silence, retries={"total_max_attempts": tries, "mode": "standard"}
    )
    return BOTO.client("s3", endpoint_url=endpoint or None, config=config)


class S3Store:
    def __init__(self, settings: Settings) -> None:
        self.client = _client(settings.s3_endpoint, SILENCE, TRIES)
        self._checking = _client(settings.s3_endpoint, CHECK_SILENCE, 1)
        self.bucket, self.prefix = settings.s3_bucket, settings.s3_prefix
        self._verified = Verified()

    def _name(self, key: str) -> dict[str, str]:
        if not KEY.fullmatch(key):
            raise NotFound("The file does not exist.")
        return {"Bucket": self.bucket, "Key": f"{self.prefix}{key[:2]}/{key}"}

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        with _mapped():
            _answered(self.client.put_object(**self._name(key), Body=data, ChecksumSHA256=_checksum(key)))
        return key

    def put_file(self, file: BinaryIO) -> str:
        """Large files are uploaded in parts."""
        key = digest(file)
        file.seek(0)
        name = self._name(key)
        with _mapped():
            self.client.upload_fileobj(file, name["Bucket"], name["Key"])
            _answered(self.client.head_object(**name))
        return key

    def get(self, key: str) -> bytes:
        with _mapped():
            body = _answered(self.client.get_object(**self._name(key)))["Body"]
            return verified(key, bytes(body.read()))

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        wanted = (
            {} if start == 0 and length is None else {"Range": f"bytes={start}-{'' if length is None else start + length - 1}"}
        )
        with _mapped():
            body = _answered(self.client.get_object(**self._name(key), **wanted))["Body"]
        return self._chunks(body)

    def _chunks(self, body: Any) -> Iterator[bytes]:
        with _mapped():
            yield from body.iter_chunks(CHUNK)

    def verify(self, key: str) -> int:
        """Compares the SHA-256 that the server stores. If it stores none (parts, other servers), reads the object."""
        with _mapped():
            head = _answered(self.client.head_object(**self._name(key), ChecksumMode="ENABLED"))
        state = (head["ETag"], head["LastModified"])
        if head.get("ChecksumSHA256") != _checksum(key) and not self._verified.knows(key, state):
            found = hashlib.sha256()
            for chunk in self.stream(key):
                found.update(chunk)
            if found.hexdigest() != key:
                raise damaged(key)
            self._verified.add(key, state)
        return int(head["ContentLength"])

    def size(self, key: str) -> int:
        with _mapped():
            return int(_answered(self.client.head_object(**self._name(key)))["ContentLength"])

    def delete(self, key: str) -> None:
        with _mapped():
            self.client.delete_object(**self._name(key))

    def discard(self, key: str, put_before: float) -> bool:
        """S3 has no conditional deletion, so a `put` in the milliseconds between the check and the deletion is not noticed."""
        with _mapped():
            try:
                found = _answered(self.client.head_object(**self._name(key)))
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in ABSENT:
                    return True
                raise
            if found["LastModified"].timestamp() > put_before:
                return False
            self.client.delete_object(**self._name(key))
            return True

    def keys(self, older_than: float) -> Iterator[str]:
        before = datetime.now(UTC) - timedelta(seconds=older_than)
        with _mapped():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
                for entry in page.get("Contents", ()):
                    name = entry["Key"].rsplit("/", 1)[-1]
                    if entry["LastModified"] < before and KEY.fullmatch(name):
                        yield name

    def check(self) -> None:
        with _mapped():
            # It has a body, so that half an answer or the page of a portal is not accepted.
            _ = self._checking.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, MaxKeys=1)["KeyCount"]

    def url(self, key: str, name: str, media_type: str, seconds: int) -> str | None:
        answer = {
            "ResponseContentType": media_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        }
        with _mapped():
            return str(self.client.generate_presigned_url("get_object", Params=self._name(key) | answer, ExpiresIn=seconds))


class S3Bucket:
    """A bucket for deliveries: objects under names that the caller gives. Credentials are those of boto3."""

    def __init__(self, bucket: str, endpoint: str) -> None:
        self.bucket, self.client = bucket, _client(endpoint, SILENCE, TRIES)

    def put(self, name: str, data: bytes, media_type: str) -> None:
        """Writes or replaces the object. Raises StorageUnavailable, Gone if the bucket does not exist."""
        checksum = _checksum(hashlib.sha256(data).hexdigest())
        about = {"ContentType": media_type, "ChecksumSHA256": checksum}
        with _mapped():
            _answered(self.client.put_object(Bucket=self.bucket, Key=name, Body=data, **about))


def _checksum(key: str) -> str:
    """A key as S3 writes checksums: base64."""
    return base64.b64encode(bytes.fromhex(key)).decode("ascii")
