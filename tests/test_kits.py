"""The kits: the GitHub Action, the Helm chart and the n8n workflow do with a service what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml

from service.web import ENDPOINTS, endpoint
from tests.servers import colophon

ROOT = Path(__file__).resolve().parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
CHART = ROOT / "examples" / "helm"
KUBERNETES = list(yaml.safe_load_all((ROOT / "examples" / "kubernetes" / "colophon.yaml").read_text(encoding="utf-8")))
WORKFLOW: dict[str, Any] = json.loads((ROOT / "examples" / "n8n" / "colophon.json").read_text(encoding="utf-8"))
NODES = {node["name"]: node for node in WORKFLOW["nodes"]}
ARTICLE = "---\ntitle: The dam\n---\n\nThe dam holds.\n"


def run(step: str, folder: Path, **environ: str) -> None:
    """The script of a step of the action, as a runner runs it."""
    given = {
        "PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(folder / "output"), "COLOPHON_WORKERS": "1",
    }  # fmt: skip
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
    subprocess.run(script, env=given | environ, cwd=folder, check=True, capture_output=True, timeout=300)


def test_the_action_converts_a_folder_and_attaches_it(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "the dam.md").write_text(ARTICLE, encoding="utf-8")
    given = {"FOLDER": "articles", "TO": "epub,html", "OUT": "books", "ARGUMENTS": "--toc --profile book"}
    run("Convert", tmp_path, **given)
    assert {path.name for path in (tmp_path / "books").glob("the dam.*")} == {"the dam.epub", "the dam.html"}
    assert (tmp_path / "output").read_text(encoding="utf-8") == "out=books\n"
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >>"$HOME/gh.log"\n', encoding="utf-8")
    gh.chmod(0o755)
    run("Attach to the release", tmp_path, OUT="books", RELEASE="v1.0", GH_TOKEN="none")
    said = (tmp_path / "gh.log").read_text(encoding="utf-8").splitlines()
    assert said[:4] == ["release", "upload", "v1.0", "--clobber"]
    assert {Path(each).name for each in said[4:]} == {"the dam.epub", "the dam.html"}


def test_the_inputs_of_the_action_are_used() -> None:
    used = re.findall(r"inputs\.(\w+)", json.dumps(ACTION["runs"]))
    assert set(used) == set(ACTION["inputs"])
    assert (ROOT / "bin" / "setup").is_file() and "bin/setup" in STEPS["Set up"]["run"]
    # Values reach the scripts as variables only: in a script, an input could run commands.
    assert not [step for step in STEPS.values() if "${{" in step["run"]]


def rendered(values: dict[str, Any]) -> list[Any]:
    """The template of the chart: it uses values, the name of the release and toJson, and nothing else."""

    def value(match: re.Match[str]) -> str:
        found: Any = {"Release": {"Name": "colophon"}, "Values": values}
        for name in match["path"].split("."):
            found = found[name]
        return json.dumps(found) if match["json"] else str(found)

    text = (CHART / "templates" / "colophon.yaml").read_text(encoding="utf-8")
    text = re.sub(r"\{\{ (?P<json>toJson )?\.(?P<path>[\w.]+) \}\}", value, text)
    assert "{{" not in text
    return list(yaml.safe_load_all(text))


def test_the_chart_has_the_objects_of_the_manifest() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    assert rendered(values) == KUBERNETES


def test_the_chart_passes_helm() -> None:
    helm = shutil.which("helm", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if helm is None:
        pytest.skip("helm is not installed: its package has a program for x86-64 only")
    subprocess.run([helm, "lint", "--strict", CHART], check=True, capture_output=True, timeout=60)
    made = subprocess.run([helm, "template", "colophon", CHART], check=True, capture_output=True, timeout=60).stdout
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(made)}
    assert by_name == {(each["kind"], each["metadata"]["name"]): each for each in KUBERNETES}


def test_the_workflow_calls_endpoints_that_there_are(tmp_path: Path) -> None:
    """Its requests, sent to a service, in the order of its connections."""
    rows = {(row.method, re.sub(r"<\w+>", "ID", row.path)) for module in ENDPOINTS for row in endpoint.of_module(module)}
    order, name = [], "Form"
    while name not in order and name in WORKFLOW["connections"]:
        order.append(name)
        name = WORKFLOW["connections"][name]["main"][0][0]["node"]
    order.append(name)
    assert set(order) == set(NODES)
    requests = [NODES[name]["parameters"] for name in order if NODES[name]["type"].endswith("httpRequest")]
    for each in requests:
        path = re.sub(r"\{\{[^}]*\}\}", "ID", each["url"].removeprefix("={{ $env.COLOPHON_URL }}")).partition("?")[0]
        assert (each.get("method", "GET"), path) in rows
    fields = {each["name"]: each.get("value") for each in requests[0]["bodyParameters"]["parameters"]}
    fields["file"] = ("dam.md", ARTICLE)
    with colophon(tmp_path, workers=1) as server:
        job = json.loads(server.post("/v1/jobs", **fields).data)
        ended = json.loads(server.get(f"/v1/jobs/{job['id']}?wait=60").data)
        assert ended["ended_at"] and len(ended["artifacts"]) == 2
        archive: urllib3.BaseHTTPResponse = server.get(f"/v1/jobs/{job['id']}/archive")
        assert archive.headers["Content-Type"] == "application/zip"
