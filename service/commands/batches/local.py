"""Converts a batch with the workers of this process. A few more threads than workers avoid waits for the disk."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from service.commands.batches.plan import Planned, Work, prepared
from service.commands.batches.report import Result
from service.commands.local_files import write_whole
from service.conversion.converter import PoolConverter
from service.model.document import Conversion
from service.model.errors import ColophonError


class Local:
    """`converter` stays the caller's."""

    def __init__(self, conversion: Conversion, converter: PoolConverter, out: Path) -> None:
        self.conversion, self.converter, self.out = conversion, converter, out

    def results(self, items: Sequence[Planned]) -> Iterator[Result]:
        """The results in the order in which they end. At most a few items per worker are open."""
        size = self.converter.workers.size
        threads = ThreadPoolExecutor(size + 2, thread_name_prefix="batch")
        under_way: set[Future[Result]] = set()
        try:
            for item in items:
                under_way.add(threads.submit(self.one, item))
                if len(under_way) > 2 * size + 2:
                    ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in ended)
            while under_way:
                ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ended)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def one(self, item: Planned) -> Result:
        work = prepared(item, self.conversion, self.out)
        return work if isinstance(work, Result) else self._converted(work)

    def _converted(self, work: Work) -> Result:
        started = time.monotonic()
        try:
            outcome, _ = self.converter.convert(work.source, self.conversion)
            for artifact in outcome.artifacts:
                write_whole(work.paths[artifact.format], artifact.data)
        except ColophonError as error:
            return Result(work.item.name, "failed", problem={"code": error.code, "detail": error.detail})
        except OSError as error:
            return Result(work.item.name, "failed", problem={"code": "unreadable", "detail": str(error)})
        notices = {notice.message: notice.as_dict() for artifact in outcome.artifacts for notice in artifact.notices}
        seconds, files = time.monotonic() - started, work.entry.files
        return Result(
            work.item.name,
            "converted",
            seconds,
            outcome.metadata["title"],
            tuple(notices.values()),
            files=files,
            entry=work.entry,
        )
