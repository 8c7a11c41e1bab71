"""Fixtures for all tests, and the rule that an unexpected log record or warning fails a test."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import hypothesis
import pytest

from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.engines.weasyprint import patches
from service.model.document import Conversion
from service.model.settings import Settings

# The same examples in each run: whether the tests pass must not be luck. `--hypothesis-profile=random` looks for new ones.
hypothesis.settings.register_profile("fixed", derandomize=True)
hypothesis.settings.register_profile("random")
hypothesis.settings.load_profile("fixed")

# What these log becomes notices of the conversion, which the tests look at (engines.weasy).
TOLD = {"weasyprint", "weasyprint.progress"}
ROOT = Path(__file__).resolve().parent.parent


# What takes minutes: left out by `bin/test --fast`. Folders and files below tests/, as patterns.
SLOW = (
    "bench/*", "corpus/*", "fuzz/*", "siege/*", "jobs/test_chaos.py", "jobs/test_backends.py",
    "web/ui/*", "web/test_*_served.py", "web/test_contract.py", "web/test_callers.py",
    "web/test_serve.py", "web/test_results.py", "web/test_remote_images.py", "web/server/*",
    "commands/*", "test_cli.py", "test_commands.py", "test_recipes.py", "test_pictures.py",
    "test_packaging.py", "test_plugin.py", "test_metadata_in_every_target.py", "conversion/test_identity.py",
    "conversion/test_memory.py", "workers/*", "telemetry/test_tracing.py", "pipeline/test_books.py",
    "engines/weasyprint/*", "writers/test_[bcehpr]*.py", "passes/test_every_pass.py",
    "jobs/test_runner.py", "jobs/webhooks/test_deliverer.py", "jobs/test_metrics.py", "web/test_bad_inputs.py",
    "web/test_request_log.py", "web/test_api_docs.py", "writers/epub/*", "writers/docx/*", "writers/test_looks.py",
    "readers/test_programs.py", "readers/test_epub.py", "test_patterns.py", "test_specimens.py", "test_plugin.py",
    "constructs/*", "engines/images/test_formats.py", "generated/*", "test_kits.py", "web/agents/*",
    "*/test_sockets.py", "storage/test_s3_sockets.py", "web/test_hostile_values.py", "conversion/test_checking.py",
    "inspect/test_check.py", "*/test_signing.py",
    "jobs/deliveries/*", "jobs/test_faults.py", "network/test_fetcher.py", "network/test_pages.py", "web/test_damage.py",
    "web/test_faults.py", "jobs/keys/test_quotas.py", "network/test_connections.py", "jobs/test_purge.py",
)  # fmt: skip


# Seconds that a test may take, unless it has a `timeout` of its own: so that a hanging test fails on every machine.
TIME_LIMIT, SLOW_TIME_LIMIT = 120, 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = ROOT / "tests"
    for item in items:
        slow = item.path.is_relative_to(tests) and any(fnmatch(item.path.relative_to(tests).as_posix(), each) for each in SLOW)
        if slow:
            item.add_marker(pytest.mark.slow)
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SLOW_TIME_LIMIT if slow else TIME_LIMIT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the number of calls that failed on purpose: see tests/faults.py."""
    faults = sys.modules.get("tests.faults")
    if faults is not None and faults.COUNTS:
        kinds = ", ".join(f"{name} {count}" for name, count in faults.COUNTS.most_common())
        terminalreporter.write_line(f"calls that failed on purpose: {faults.COUNTS.total():,} ({kinds})")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=str(tmp_path_factory.mktemp("data")), workers=2)


@pytest.fixture(scope="session")
def engines(settings: Settings) -> Iterator[Engines]:
    """Warm engines in this very process, without a sandbox: for readers, writers and passes."""
    patches.install()
    pandoc = Pandoc(settings)
    yield Engines(pandoc=pandoc, settings=settings)
    pandoc.close()


@pytest.fixture(scope="session")
def conversion() -> Callable[..., Conversion]:
    """`conversion("pdf", toc=True)`: the Conversion with every other option at its default."""
    return options.defaults


def corpus_dir() -> Path:
    return Path(os.environ.get("COLOPHON_CORPUS") or ROOT.parent / "shared" / "corpus")


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """The real articles; they are third-party and not part of the project."""
    files = sorted(corpus_dir().glob("*.md"))
    if not files:
        pytest.skip(f"no corpus of real articles at {corpus_dir()} (COLOPHON_CORPUS)")
    return files


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Records of level WARNING and up fail a test unless it is marked `logs("reason")`."""
    yield
    if request.node.get_closest_marker("logs"):
        return
    for when in ("setup", "call"):
        records = [each for each in caplog.get_records(when) if each.levelno >= logging.WARNING and each.name not in TOLD]
        if records:
            text = "\n".join(f"{record.name}: {record.levelname}: {record.getMessage()}" for record in records)
            pytest.fail(f"unexpected log records:\n{text}")
