"""docs/agents.md: its example runs, its transcript is that of the service, its table names every tool."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.web.agents.tools import TOOLS
from tests.servers import colophon

pytest.importorskip("mcp", reason="the extra mcp is not installed")

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "agents.md").read_text(encoding="utf-8")
JSON = [json.loads(block) for block in re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)]
MESSAGES = [block for block in JSON if "jsonrpc" in block]
EXCHANGES = list(zip(MESSAGES[::2], MESSAGES[1::2], strict=True))


def shape(value: Any) -> Any:
    """The value without what changes: sums, sizes, ids and addresses."""
    if isinstance(value, dict):
        changing = ("sha256", "size", "url", "uri", "instance", "text")
        return {key: "…" if key in changing else shape(each) for key, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else value


def test_the_table_names_every_tool() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(TOOLS)


@pytest.mark.parametrize(("message", "reply"), EXCHANGES, ids=range(len(EXCHANGES)))
def test_the_transcript(message: dict[str, Any], reply: dict[str, Any], client: FlaskClient) -> None:
    answer = client.post("/mcp", json=message, headers={"Accept": "application/json, text/event-stream"})
    assert shape(answer.get_json()) == shape(reply)


def test_the_example_runs(tmp_path: Path) -> None:
    code, printed = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", PAGE, re.DOTALL)[0]
    with colophon(tmp_path, workers=1) as server:
        code = code.replace("http://localhost:8080", server.base)
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout == printed, run.stderr
