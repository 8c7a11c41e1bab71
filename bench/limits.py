"""Whether every limit ends inside its deadline: `python -m bench.limits [--only WORD,…]`. With `--only`, the other rows of
the table stay as they are.

Each document of `bench.limit_documents` is just inside a limit of the service. It is read and written in a process of its
own, with the memory of a worker, and what each stage takes is counted in CPU-seconds: of the process, of its pandoc and of
those that print sections. A stage is inside its deadline where it needs at most half of it, for a machine may be slower.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.limit_documents import DOCUMENTS, Limited
from bench.results import Results, made
from schemas import options
from service.engines import Engines
from service.engines.failures import problem_of
from service.engines.pandoc.process import Pandoc
from service.engines.sandbox import limits
from service.engines.weasyprint import rendering
from service.model.document import Conversion, Document
from service.model.errors import DeadlineExceeded, EngineCrashed, Internal
from service.model.formats import SUFFIXES
from service.model.settings import Settings
from service.pipeline import steps
from service.pipeline.collections import members
from service.workers import child, cpu_time

COMMAND = "python -m bench.limits"
TARGETS = ("pdf", "epub", "docx")
MARGIN = 2  # a machine may be half as fast as the one that measures
COLUMNS = ("document", "limit", "bytes", "reading", *TARGETS, "inside")
PATIENCE = 30  # deadlines by the clock, for a busy machine gives a stage little of it
TICK = 0.5  # seconds
FAILED = (DeadlineExceeded.code, EngineCrashed.code, Internal.code)  # no stage may end like this
Row = dict[str, Any]


def measure(limited: Limited, settings: Settings) -> Row:
    """One row; a stage that was refused shows the problem's code."""
    source = limited.make()
    size = len(source.data) + sum(len(asset.data) for asset in source.assets)
    row: Row = {"document": limited.name, "limit": limited.limit, "bytes": size}
    for target in TARGETS:
        conversion = options.defaults(target, **dict(limited.options))
        stages = _in_a_process(lambda tell, to=conversion: _convert(source, to, settings, limited.split, tell), settings)  # type: ignore[misc]
        row.setdefault("reading", stages.get("read"))
        row[target] = stages.get("write")
        if limited.split or not isinstance(row["reading"], float):
            break
    return row | {"inside": is_inside(row, settings)}


def is_inside(row: Mapping[str, Any], settings: Settings) -> str:
    """`yes`, or the stages that need more than their deadline leaves with the margin. A refusal is an end."""
    budgets = {"reading": settings.read_deadline} | dict.fromkeys(TARGETS, settings.write_deadline)
    late = [name for name, most in budgets.items() if _seconds(row.get(name)) * MARGIN > most]
    return "no: " + ", ".join(late) if late else "yes"


def _seconds(value: Any) -> float:
    if isinstance(value, float):
        return value
    return float("inf") if value in FAILED else 0.0


def _convert(source: Any, conversion: Conversion, settings: Settings, split: bool, tell: Callable[[str, Any], None]) -> None:
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    document: Document | None = None

    def read() -> None:
        nonlocal document
        document = steps.read(source, conversion, engines)

    if split:
        _timed("read", lambda: members.split(source, settings, SUFFIXES, ()), pandoc, tell)
        return
    _timed("read", read, pandoc, tell)
    if document is not None:
        found = replace(document, wanted=())
        _timed("write", lambda: steps.write(found, conversion, conversion.to[0], engines), pandoc, tell)
    pandoc.close()


def _timed(name: str, work: Callable[[], Any], pandoc: Pandoc, tell: Callable[[str, Any], None]) -> None:
    tell("began", [name, pandoc.pid])
    before = _spent(pandoc)
    try:
        work()
    except Exception as error:
        tell(name, problem_of(error).code)
    else:
        tell(name, round(_spent(pandoc) - before, 2))


def _spent(pandoc: Pandoc) -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return cpu_time.spent(pandoc.pid) + ended.ru_utime + ended.ru_stime


def _in_a_process(work: Callable[[Callable[[str, Any], None]], None], settings: Settings) -> dict[str, Any]:
    """The report of the work; the code of a crash or of the deadline for a stage that did not end."""
    take, give = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(take)
        os.setsid()
        limits.limit_resources(settings)

        def tell(name: str, value: Any) -> None:
            os.write(give, json.dumps([name, value]).encode() + b"\n")

        child._with_large_stack(lambda: work(tell))
        os._exit(0)
    os.close(give)
    try:
        return _reported(take, pid, settings)
    finally:
        os.close(take)
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _reported(stream: int, pid: int, settings: Settings) -> dict[str, Any]:
    """A stage is ended when it has used its deadline in CPU-seconds."""
    found: dict[str, Any] = {}
    stage, processes, buffered, before, began = "read", [pid], b"", 0.0, time.monotonic()
    while True:
        if not select.select([stream], [], [], TICK)[0]:
            most = settings[f"{stage}_deadline"]
            if sum(map(cpu_time.of, processes)) - before > most or time.monotonic() - began > PATIENCE * most:
                return found | {stage: DeadlineExceeded.code}
            continue
        data = os.read(stream, 65_536)
        if not data:
            return found if stage in found else found | {stage: EngineCrashed.code}
        *lines, buffered = (buffered + data).split(b"\n")
        for name, value in map(json.loads, lines):
            if name == "began":
                stage, processes = value[0], [pid, value[1]]
                before, began = sum(map(cpu_time.of, processes)), time.monotonic()
            else:
                found[name] = value


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="documents whose names hold one of these words, separated by commas")
    given = parser.parse_args(arguments)
    words = [word.strip() for word in given.only.split(",") if word.strip()]
    rendering.warm(())
    child.spare_the_collector()
    rows = []
    with tempfile.TemporaryDirectory(prefix="colophon-limits-") as folder:
        os.environ["TMPDIR"] = folder
        settings = Settings(data_dir=str(Path(folder) / "data"))
        for limited in DOCUMENTS:
            if not words or any(word in limited.name for word in words):
                rows.append(measure(limited, settings))
                print(json.dumps(rows[-1]), flush=True)
                save(rows[-1], made(COMMAND))
    if late := [row["document"] for row in rows if row["inside"] != "yes"]:
        sys.exit(f"not inside their deadlines: {', '.join(late)}")


def save(row: Row, origin: Mapping[str, Any], results: Results | None = None) -> None:
    """Puts the row in its place of the table. Rows that this run does not measure stay as they are."""
    results = results or Results()
    with results.file.open("a", encoding="utf-8") as lock:  # several runs may measure at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = {each["document"]: each for each in results.load().get("limits", {}).get("rows", ())} | {row["document"]: row}
        rows = [known[each.name] for each in DOCUMENTS if each.name in known]
        notes = [
            "Documents just inside each limit, in CPU-seconds of all processes of the conversion. A code is the problem with"
            f" which the document is refused. A stage is inside if it needs at most {1 / MARGIN:.0%} of its deadline: 20 s to"
            " read or to split, 60 s to write."
        ]
        results.save("limits", "Limits and deadlines", columns=COLUMNS, rows=rows, notes=notes, made=origin)


if __name__ == "__main__":
    main()
