"""`colophon jobs create`: the request that the flags make."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from colophon_client import Job
from service.cli import cli
from service.commands import remote_jobs

MADE: dict[str, Any] = {
    "id": "job_1", "state": "queued", "total": 1, "counts": {"queued": 1}, "created_at": "2026-11-30T20:00:00Z", "name": "night",
    "deliveries": [{"kind": "mail", "to": "ida@kindle.example", "state": "pending"}],
}  # fmt: skip


class Service:
    """A client that keeps what it was called with."""

    calls: list[tuple[Any, dict[str, Any]]]

    def __init__(self, *_: object, **__: object) -> None:
        type(self).calls = []

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def create_job(self, sources: Any, to: Any, **fields: Any) -> Job:
        self.calls.append(((list(sources), to), fields))
        return Job.of(MADE)


def test_create_names_where_artifacts_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(remote_jobs, "Client", Service)
    article = tmp_path / "lamps.md"
    article.write_text("# Lamps\n", encoding="utf-8")
    flags = ["--deliver-mail", "ida@kindle.example", "--deliver-s3", "nightly", "--deliver-put", "https://lamps.example/a?b"]
    done = CliRunner().invoke(
        cli, ["jobs", "create", str(article), "--to", "epub,pdf", "--name", "night", "--device", "kindle", *flags]
    )
    assert done.exit_code == 0, done.output
    assert "mail ida@kindle.example pending" in done.output and done.output.startswith("job_1 ")
    (((sources, to), fields),) = Service.calls
    assert sources == [article] and to == ("epub", "pdf")
    assert fields["device"] == "kindle" and fields["name"] == "night"
    assert fields["deliver_put"] == ["https://lamps.example/a?b"]
    assert (fields["deliver_s3"], fields["deliver_mail"]) == ("nightly", ["ida@kindle.example"])


def test_a_folder_is_one_upload(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(remote_jobs, "Client", Service)
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "lamps.md").write_text("# Lamps\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["jobs", "create", str(tmp_path / "vault"), "--to", "epub", "--combine"])
    assert done.exit_code == 0, done.output
    (((sources, _), fields),) = Service.calls
    name, data = sources[0]
    assert name == "vault.zip" and zipfile.ZipFile(io.BytesIO(data)).namelist() == ["lamps.md"] and fields["combine"]


def test_create_refuses_an_unknown_format(tmp_path: Path) -> None:
    article = tmp_path / "lamps.md"
    article.write_text("# Lamps\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["jobs", "create", str(article), "--to", "mobi"])
    assert done.exit_code == 2 and "mobi" in done.output
