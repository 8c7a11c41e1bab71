"""The database: migrated once, by any first process, with clear errors."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from service.jobs import database, migrations
from service.jobs.store import JobStore
from service.jobs.tables import metadata
from service.model.errors import ColophonError, DatabaseDamaged, DatabaseNewer, StorageFull, StorageUnavailable
from service.model.settings import Settings
from service.storage import open_store
from tests import backing
from tests.jobs.conftest import create_in, new_database, new_job

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_newest_migration_is_the_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "service" / "jobs" / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_migrations_build_the_tables(store: JobStore) -> None:
    with store.database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_a_connection_in_use_at_the_close_is_closed_when_it_comes_back(store: JobStore) -> None:
    with store.database.writing() as connection:
        raw = connection.connection.dbapi_connection
        store.close()
    assert raw is not None
    with pytest.raises(Exception, match="closed"):
        raw.cursor().execute("SELECT 1")


OPEN = """
import sys
from service.model.settings import Settings
from service.jobs.store import JobStore
from service.storage import open_store
settings = Settings(data_dir=sys.argv[1], database_url=sys.argv[2])
store = JobStore(settings, open_store(settings))
sys.stdin.readline()
print(store.page())
store.close()
"""


def test_two_that_migrate_at_once_do_it_once(job_settings: Settings) -> None:
    argv = [sys.executable, "-c", OPEN, job_settings.data_dir, job_settings.database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(argv, cwd=ROOT, text=True, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    time.sleep(2)  # until all have imported: then they open it at once
    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(lambda process: process.communicate("go\n", timeout=60), processes))
    assert [out.strip() for out, _ in said] == ["([], None)"] * 3, said


def test_a_database_of_a_newer_version_is_not_touched(store: JobStore, job_settings: Settings) -> None:
    store.check()
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    again = JobStore(job_settings, store.blobs)
    for call in (again.check, again.page, again.depth):
        with pytest.raises(DatabaseNewer, match="9999") as caught:
            call()
        assert caught.value.status == 503 and caught.value.retry_after


@pytest.mark.parametrize("url", ["mysql://a/b", "no url", "sqlite://"])
def test_only_sqlite_and_postgresql(url: str) -> None:
    with pytest.raises(ValueError, match="COLOPHON_DATABASE_URL"):
        database.url_of(Settings(database_url=url))


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_way_to_say_postgresql(url: str) -> None:
    assert database.url_of(Settings(database_url=url)).drivername == "postgresql+psycopg"


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path))
    store = JobStore(settings, open_store(settings))
    with store.database.reading() as connection:
        pragmas = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    store.close()


def test_a_locked_database_is_unavailable_and_then_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY", 0.3)
    settings = Settings(data_dir=str(tmp_path))
    store = JobStore(settings, open_store(settings))
    job = create_in(store)
    holder = sqlite3.connect(tmp_path / "colophon.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable) as caught:
        create_in(store)
    assert caught.value.retry_after
    assert store.get(job.id) == job  # readers are not held up
    holder.execute("ROLLBACK")
    holder.close()
    assert create_in(store).state == "queued"
    assert len(store.page()[0]) == 2
    store.close()


def test_postgresql_goes_and_comes_back() -> None:
    if backing.program("initdb") is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    with backing.postgresql() as server:
        url = new_database(server.url)
        settings = Settings(database_url=url, data_dir="/nonexistent")
        store = JobStore(settings, open_store(settings))
        assert store.page() == ([], None)
        server.end(signal.SIGQUIT)
        for call in (store.page, store.check, store.depth):
            with pytest.raises(StorageUnavailable) as caught:
                call()
            assert caught.value.retry_after
        server.start()
        assert store.page() == ([], None)
        store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("a small file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_full_disk_is_reported_and_nothing_is_half_written(small_disk: Path) -> None:
    settings = Settings(data_dir=str(small_disk))
    store = JobStore(settings, open_store(settings))
    new = new_job(store)
    store.create(new)
    filler = (small_disk / "filler").open("wb", buffering=0)
    try:
        while True:
            filler.write(bytes(4096))
    except OSError as error:
        assert error.errno == errno.ENOSPC
    filler.close()
    before = files(small_disk)
    with pytest.raises(StorageFull):
        store.blobs.put(b"a book " * 10_000)
    with pytest.raises(StorageFull):
        for _ in range(2_000):  # until the pages that the log has already are used up
            store.create(new)
    assert files(small_disk) == before
    readable = len(store.page(limit=10_000)[0])
    (small_disk / "filler").unlink()
    assert store.create(new)[1]
    assert len(store.page(limit=10_000)[0]) == readable + 1
    store.close()


def garbage(data: bytes) -> bytes:
    return os.urandom(len(data))


def without_tables(data: bytes) -> bytes:
    """The first page holds what tables there are; the header is whole."""
    return data[:100] + os.urandom(3_996) + data[4_096:]


def behind_the_first_page(data: bytes) -> bytes:
    return data[:4_096] + os.urandom(len(data) - 4_096)


@pytest.mark.parametrize("damage", [garbage, without_tables, behind_the_first_page, lambda data: data[:4_096]])
@pytest.mark.parametrize("running", [True, False], ids=["while it runs", "at the start"])
def test_a_damaged_file_is_reported_and_a_whole_one_is_taken(
    tmp_path: Path, running: bool, damage: Callable[[bytes], bytes]
) -> None:
    if running and damage is without_tables:
        pytest.skip("SQLite has read the first page already")
    settings = Settings(data_dir=str(tmp_path))
    store = JobStore(settings, open_store(settings))
    job, path = create_in(store), tmp_path / "colophon.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if not running:
        store.close()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    for _ in range(3):
        with pytest.raises(DatabaseDamaged) as caught:
            store.get(job.id)
            create_in(store)
        assert caught.value.status == 503 and caught.value.retry_after
    with pytest.raises(DatabaseDamaged):
        store.check()
    store.close()
    for log in tmp_path.glob("colophon.db-*"):
        log.unlink()
    path.write_bytes(whole)
    assert store.get(job.id) == job
    store.close()


def test_damage_on_the_server_is_reported(store: JobStore, job_settings: Settings) -> None:
    if not job_settings.database_url:
        pytest.skip("for PostgreSQL")
    job = create_in(store)
    with store.database.writing() as connection:
        connection.execute(text("ALTER TABLE artifacts RENAME TO lost"))
    with pytest.raises(DatabaseDamaged):
        list(store.artifacts(job.id))
    with pytest.raises(DatabaseDamaged):
        store.check()


def test_a_column_that_is_no_json_any_more_is_damage(store: JobStore) -> None:
    job = create_in(store)
    with store.database.writing() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("PostgreSQL checks its JSON")
        connection.execute(text("UPDATE jobs SET origin = '{\"a'"))
    with pytest.raises(DatabaseDamaged):
        store.get(job.id)


def test_errors_of_the_system_are_mapped(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(data_dir=str(tmp_path / "file"))
    with pytest.raises(ColophonError) as caught:
        JobStore(settings, open_store(settings)).check()
    assert caught.value.status == 503
