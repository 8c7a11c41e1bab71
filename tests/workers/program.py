"""A worker program for the tests of the pool: operations that behave, hang, die and fail."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from service.engines import Engines
from service.model.errors import EmptyDocument
from service.workers import child

Answer = tuple[dict[str, Any], list[bytes]]


def echo(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    return {"said": header.get("say"), "pid": os.getpid(), "pandoc": engines.pandoc.pid}, list(blobs)


def read(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    ast, _ = engines.pandoc.read(blobs[0], header["format"])
    return {}, [ast]


def sleep(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    time.sleep(header["seconds"])
    return {}, []


def spin(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    while True:
        pass


def burn(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """Like `linger`, and busy."""
    while not Path(header["file"]).exists():
        pass
    return {}, []


def linger(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """Ends when the file is there; how nice it was then."""
    while not Path(header["file"]).exists():
        time.sleep(0.01)
    return {"pid": os.getpid(), "nice": os.getpriority(os.PRIO_PROCESS, 0)}, []


def die(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    os._exit(7)


def lose_pandoc(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    engines.pandoc.close()
    return {}, []


def refuse(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    raise EmptyDocument("There is nothing in it.")


def recurse(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    return recurse(header, blobs, engines)


def eat(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    return {"size": len(bytearray(8 << 30))}, []


def break_library(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """Faults of C code without an answer. With `starved` the memory is nearly used up meanwhile."""
    kept = []
    with contextlib.suppress(MemoryError):
        while header["starved"]:
            kept.append(bytes(16 << 20))
    kept[-1:] = []
    raise SystemError("error return without exception set")


def abort(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    os.write(2, header["says"].encode() + b"\n")
    os.abort()


def fail(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    raise KeyError("a secret path: /srv/secret")


def speak(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    os.write(1, b"not a frame\n")
    return {}, []


def convert(header: Mapping[str, Any], blobs: Sequence[bytes], engines: Engines) -> Answer:
    """Steps of that number of seconds each."""
    for number, seconds in enumerate(header["steps"]):
        if number:
            engines.step()
        time.sleep(seconds)
    return {"pid": os.getpid()}, []


ALL = (echo, read, sleep, spin, burn, linger, die, lose_pandoc, refuse, recurse, eat, fail, speak, convert, break_library, abort)
OPERATIONS = {each.__name__: each for each in ALL}

if __name__ == "__main__":
    child.serve(OPERATIONS)
