"""A converter for the tests: `convert` does what the test says, in this process and without engines; and a worker that has
one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from service.conversion.converter import PoolConverter
from service.conversion.driver import Outcome
from service.jobs.backends.local import LocalBackend
from service.jobs.runner import Runner
from service.jobs.store import JobStore
from service.model.document import Artifact, Conversion, Source
from service.model.settings import Settings
from service.storage import open_store
from service.workers.cancellation import Cancellation


def made(source: Source, conversion: Conversion) -> Outcome:
    """A replacement for a conversion: its bytes depend only on the source."""
    artifacts = tuple(Artifact(f"{source.name}.{to}", to, "a/b", to.encode() + source.data) for to in conversion.to)
    return Outcome(artifacts, {"title": source.name}, ())


class ScriptedConverter(PoolConverter):
    __test__ = False

    def __init__(self, settings: Settings, convert: Callable[[Source, Conversion], Outcome] = made) -> None:
        super().__init__(settings)
        self.does = convert

    def convert(
        self,
        source: Source,
        conversion: Conversion,
        deadline: float | None,
        cancellation: Cancellation | None = None,
        tenant: str = "",
    ) -> tuple[Outcome, bool]:
        return self.does(source, conversion), False


def main(data_dir: str, database_url: str) -> None:
    """A worker that says `started` in a file, waits for the file `go`, and then says how the item ended."""
    settings = Settings(data_dir=data_dir, database_url=database_url, workers=1, lease=1.5)
    folder = Path(data_dir)

    def convert(source: Source, conversion: Conversion) -> Outcome:
        (folder / "started").touch()
        while not (folder / "go").exists():
            time.sleep(0.02)
        return made(source, conversion)

    jobs = JobStore(settings, open_store(settings))
    runner = Runner(settings, jobs, ScriptedConverter(settings, convert))
    claim = None
    while claim is None:
        claim = runner.claim()
    sys.stdout.write(runner.run(claim) + "\n")
    jobs.close()


def backend_of(store: JobStore, convert: Callable[[Source, Conversion], Outcome] = made) -> LocalBackend:
    return LocalBackend(store, Runner(store.settings, store, ScriptedConverter(store.settings, convert)))


if __name__ == "__main__":
    main(*sys.argv[1:])
