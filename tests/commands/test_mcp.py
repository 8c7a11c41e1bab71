"""`colophon mcp`: the tools over stdio, by the official client, with the files of one folder."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.commands.agent_folder import AgentFolder
from service.commands.mcp import command
from service.web.agents.calls import Answer
from tests.bad_inputs import png
from tests.event_loops import in_thread
from tests.servers import COLOPHON, colophon

pytest.importorskip("mcp", reason="the extra mcp is not installed")
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

Session = Callable[[Client], Awaitable[None]]


def over_stdio(folder: Path, session: Session, *arguments: str) -> None:
    async def run() -> None:
        parameters = StdioServerParameters(
            command=str(COLOPHON), args=["mcp", "--folder", str(folder), *arguments],
            env={"COLOPHON_DATA_DIR": str(folder.parent / "data"), "COLOPHON_WORKERS": "1"},
        )  # fmt: skip
        async with Client(stdio_client(parameters)) as agent:
            await session(agent)

    in_thread(run())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "notes"
    found.mkdir()
    (found / "pump.md").write_text("---\ntitle: The pump\n---\n\nText.\n\n![A dial](dial.png)\n", encoding="utf-8")
    (found / "dial.png").write_bytes(png(40, 30))
    (tmp_path / "secret.md").write_text("# Secret\n", encoding="utf-8")
    (found / "out.md").symlink_to(tmp_path / "secret.md")
    return found


def test_files_of_the_folder(folder: Path) -> None:
    (folder / "pump.epub").write_bytes(b"of the author")

    async def session(agent: Client) -> None:
        tool = next(each for each in (await agent.list_tools()).tools if each.name == "convert")
        assert "path" in tool.input_schema["properties"]
        made = await agent.call_tool("convert", {"path": "pump.md", "to": ["epub"]})
        artifact = made.structured_content["artifacts"][0]
        assert artifact["path"] == str(folder / "pump-2.epub") and made.content[1].uri == artifact["url"]
        assert [each["code"] for each in made.structured_content["notices"]] == ["lang-detected"]
        assert (await agent.call_tool("check", {"path": "pump-2.epub"})).structured_content["passed"]
        assert (await agent.call_tool("inspect", {"link": artifact["url"]})).structured_content["format"] == "epub"
        for path in ("../secret.md", "out.md", str(folder.parent / "secret.md")):
            refused = await agent.call_tool("convert", {"path": path, "to": ["epub"]})
            assert refused.is_error and "is not below" in refused.structured_content["detail"]
        missing = await agent.call_tool("validate", {"path": "valve.md"})
        assert missing.is_error and "No such file" in missing.structured_content["detail"]
        read = await agent.read_resource((folder / "pump.md").as_uri())
        assert "The pump" in read.contents[0].text

    over_stdio(folder, session)
    assert (folder / "pump.epub").read_bytes() == b"of the author"
    assert sorted(path.name for path in folder.iterdir()) == ["dial.png", "out.md", "pump-2.epub", "pump.epub", "pump.md"]


def test_a_job_of_the_folder(folder: Path) -> None:
    (folder / "out.md").unlink()
    (folder / "valve.md").write_text("# The valve\n\nText.\n", encoding="utf-8")

    async def session(agent: Client) -> None:
        job = await agent.call_tool("job", {"path": ".", "to": ["html"]})
        assert "url" not in job.structured_content and "archive_url" not in job.structured_content
        for _ in range(2):  # files are written once
            ended = await agent.call_tool("job_status", {"id": job.structured_content["id"], "wait": 60})
            assert ended.structured_content["state"] == "succeeded"
            names = sorted(Path(each["path"]).name for each in ended.structured_content["artifacts"])
            assert names == ["pump.html", "valve.html"]

    over_stdio(folder, session)


def test_through_a_service(folder: Path, tmp_path: Path) -> None:
    async def session(agent: Client) -> None:
        made = await agent.call_tool("convert", {"path": "pump.md", "to": ["docx"]})
        assert (folder / "pump.docx").read_bytes().startswith(b"PK") and not made.is_error
        assert (await agent.call_tool("convert", {"path": "pump.md", "to": ["dcx"]})).structured_content["status"] == 422

    (tmp_path / "service").mkdir()
    with colophon(tmp_path / "service", workers=1) as server:
        over_stdio(folder, session, "--server", server.base)


def test_a_service_that_is_not_there_is_a_problem(folder: Path) -> None:
    async def session(agent: Client) -> None:
        failed = await agent.call_tool("validate", {"text": "# A"})
        assert failed.is_error and failed.structured_content["code"] == "unreachable"

    over_stdio(folder, session, "--server", "http://127.0.0.1:1")


def test_an_artifact_that_expired_is_a_problem(folder: Path) -> None:
    report = (
        b'{"artifacts": [{"name": "a.pdf", "media_type": "application/pdf", "size": 1, "url": "http://x/v1/artifacts/0/a.pdf"}]}'
    )

    def call(method: str, path: str, body: bytes | None) -> Answer:
        return (
            Answer(200, "application/json", report) if method == "POST" else Answer(410, "", b'{"code": "gone", "detail": "."}')
        )

    result = AgentFolder(folder, call).run("convert", {"text": "# A", "to": ["pdf"]})
    assert result.failed and result.body["code"] == "gone"


def test_without_the_extra_the_command_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delitem(sys.modules, "service.commands.agent_stdio", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.stdio", None)
    monkeypatch.delattr(importlib.import_module("service.commands"), "agent_stdio", raising=False)
    found: Any = CliRunner().invoke(command, ["--folder", str(tmp_path)])
    assert found.exit_code == 2 and "colophon[mcp]" in found.output
