"""The tools of /mcp: what they accept, what they answer, and that keys, quotas and limits are those of HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.jobs.keys.records import Limits
from service.model.options import OPTIONS
from service.model.settings import Settings
from service.web.agents import http, tools
from service.web.application import create_app
from service.web.services import of
from tests.event_loops import in_thread
from tests.servers import colophon

pytest.importorskip("mcp", reason="the extra mcp is not installed")

ARTICLE = "---\ntitle: The pump house\ntags: [water]\n---\n\nThe pump runs at night.\n"
Ask = Callable[..., TestResponse]
ACCEPT = {"Accept": "application/json, text/event-stream"}


def ask(client: FlaskClient, method: str, headers: dict[str, str] | None = None, **params: Any) -> TestResponse:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return client.post("/mcp", json=message, headers=ACCEPT | (headers or {}))


def call(client: FlaskClient, name: str, headers: dict[str, str] | None = None, /, **arguments: Any) -> dict[str, Any]:
    answer = ask(client, "tools/call", headers, name=name, arguments=arguments)
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()["result"]
    return found


def links(result: dict[str, Any]) -> list[str]:
    return [each["uri"] for each in result["content"] if each["type"] == "resource_link"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("agents")), workers=1, keys="required"))
    yield app.test_client()
    of(app).stop()


def key(guarded: FlaskClient, *scopes: str, **limits: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {of(guarded.application).keys.create('agent', scopes, Limits(**limits))[1]}"}


def test_the_schemas_follow_the_table_of_options(client: FlaskClient) -> None:
    listed = {each["name"]: each for each in ask(client, "tools/list").get_json()["result"]["tools"]}
    assert list(listed) == list(tools.TOOLS)
    options = listed["convert"]["inputSchema"]["properties"]["options"]["properties"]
    assert list(options) == list(OPTIONS)
    for name, option in OPTIONS.items():
        assert tuple(options[name].get("enum", ())) == option.choices
        assert "default" not in options[name] and option.help.en in options[name]["description"]


def test_an_article_becomes_links(client: FlaskClient) -> None:
    result = call(client, "convert", text=ARTICLE, to=["epub", "html"])
    assert not result.get("isError") and result["structuredContent"]["metadata"]["title"] == "The pump house"
    assert [each["name"] for each in result["content"][1:]] == ["article.epub", "article.html"]
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert base64.b64encode(b"PK\x03\x04").decode()[:5] not in json.dumps(result)
    for link in links(result):
        path = link.removeprefix("http://localhost")
        read = ask(client, "resources/read", uri=link).get_json()["result"]["contents"][0]
        data = base64.b64decode(read["blob"]) if "blob" in read else read["text"].encode()
        assert data == client.get(path).data


def test_a_file_is_inspected_and_checked_by_its_link(client: FlaskClient) -> None:
    link = links(call(client, "convert", text=ARTICLE, to=["epub"]))[0]
    assert call(client, "inspect", link=link)["structuredContent"]["metadata"]["title"] == "The pump house"
    assert call(client, "check", link=link)["structuredContent"]["passed"] is True
    data = client.get(link.removeprefix("http://localhost")).data
    sent = call(client, "check", files={"pump.epub": base64.b64encode(data).decode()})
    assert sent["structuredContent"]["name"] == "pump.epub"


def test_a_job_is_followed_to_its_artifacts(client: FlaskClient) -> None:
    files = {f"{name}.md": base64.b64encode(f"# {name}\n\nText.\n".encode()).decode() for name in ("one", "two")}
    job = call(client, "job", files=files, to=["epub"], name="two")["structuredContent"]
    ended = call(client, "job_status", id=job["id"], wait=60)
    assert ended["structuredContent"]["state"] == "succeeded" and len(links(ended)) == 2
    assert call(client, "inspect", link=links(ended)[0])["structuredContent"]["format"] == "epub"


@pytest.mark.parametrize(
    ("name", "arguments", "code", "pointer"),
    [
        ("convert", {"text": ARTICLE, "to": ["pdf"], "options": {"tocc": True}}, "validation-error", "/tocc"),
        ("convert", {"text": ARTICLE, "to": ["pfd"]}, "validation-error", "/to"),
        ("convert", {"txt": ARTICLE, "to": ["pdf"]}, "validation-error", "/txt"),
        ("convert", {"to": ["pdf"]}, "missing-file", None),
        ("validate", {"files": {"a.md": "no base64!"}}, "validation-error", "/files/a.md"),
        ("check", {"link": "http://example.org/metrics"}, "validation-error", "/link"),
        ("check", {"link": "https://elsewhere.example/v1/artifacts/00/a.pdf"}, "not-found", None),
        ("check", {"link": "/v1/jobs/../../metrics"}, "validation-error", "/link"),
        ("inspect", {}, "missing-file", None),
        ("convert", {"url": "https://tides.example/a", "to": ["pdf"]}, "validation-error", "/url"),
        ("job_status", {"id": "job_0"}, "not-found", None),
        ("job_status", {"id": "job_0", "wait": "soon&wait=1"}, "validation-error", "/wait"),
        ("job_status", {}, "not-found", None),
    ],
)
def test_a_refusal_is_a_problem(client: FlaskClient, name: str, arguments: Any, code: str, pointer: str | None) -> None:
    result = call(client, name, **arguments)
    problem = result["structuredContent"]
    assert result["isError"] and problem["code"] == code and problem["detail"]
    assert pointer is None or pointer in [each["pointer"] for each in problem["errors"]]
    assert links(result) == []


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[" * 100_000, b"null", b"[]", b"{}", b'{"jsonrpc":"2.0","id":1}', b"\xff", b'"' + b"a" * 99_999]
)
def test_a_message_that_is_none_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/mcp", data=body, headers=ACCEPT, content_type="application/json")
    assert 400 <= answer.status_code < 500 and answer.is_json
    assert client.post("/mcp", data=body, headers=ACCEPT, content_type="text/plain").status_code in (400, 415)
    assert client.get("/mcp").status_code == client.delete("/mcp").status_code == 405


def test_unknown_tools_and_methods_are_errors_of_the_protocol(client: FlaskClient) -> None:
    assert "convert, validate" in ask(client, "tools/call", name="publish", arguments={}).get_json()["error"]["message"]
    assert ask(client, "tools/publish").get_json()["error"]["code"] == -32601
    assert ask(client, "resources/read", uri="file:///etc/hostname").get_json()["error"]["data"]["code"] == "validation-error"


def test_the_request_keeps_its_id(client: FlaskClient) -> None:
    """The tool is a request within the request; it must not put its own things in place of those of the outer one."""
    answer = ask(client, "tools/call", {"X-Request-Id": "pump-1"}, name="validate", arguments={"text": ARTICLE, "toc": 1})
    assert answer.headers["X-Request-Id"] == "pump-1"
    failed = call(client, "convert", {"X-Request-Id": "pump-2"}, text=ARTICLE, to=["pfd"])
    assert failed["structuredContent"]["instance"] == "urn:request:pump-2"


def test_keys_scopes_and_tenants_hold(guarded: FlaskClient) -> None:
    assert ask(guarded, "tools/list").status_code == 401
    assert ask(guarded, "tools/list", {"X-API-Key": "wrong"}).status_code == 401
    jobs, convert, other = key(guarded, "jobs"), key(guarded, "convert"), key(guarded, "convert")
    refused = call(guarded, "convert", jobs, text=ARTICLE, to=["html"])
    assert refused["isError"] and refused["structuredContent"]["code"] == "forbidden"
    link = links(call(guarded, "convert", convert, text=ARTICLE, to=["html"]))[0]
    assert "result" in ask(guarded, "resources/read", convert, uri=link).get_json()
    assert "error" in ask(guarded, "resources/read", other, uri=link).get_json()


def test_each_call_of_a_tool_counts_once(guarded: FlaskClient) -> None:
    headers = key(guarded, "convert", requests=2)
    for _ in range(4):
        assert ask(guarded, "tools/list", headers).status_code == 200
    found = [call(guarded, "validate", headers, text=ARTICLE) for _ in range(3)]
    assert [each.get("isError", False) for each in found] == [False, False, True]
    assert found[-1]["structuredContent"]["code"] == "quota-exceeded" and found[-1]["structuredContent"]["retry_after"] > 0


def test_the_limit_of_an_upload_holds(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, max_upload=2_000))
    try:
        answer = ask(app.test_client(), "tools/call", name="validate", arguments={"text": "x" * 3_000})
        assert answer.status_code == 413 and answer.get_json()["code"] == "payload-too-large"
    finally:
        of(app).stop()


def test_without_the_extra_there_is_a_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.importlib.util, "find_spec", lambda name: None)
    answer = ask(client, "tools/list")
    assert answer.status_code == 404 and "colophon[mcp]" in answer.get_json()["detail"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client(tmp_path: Path, mode: str) -> None:
    from mcp import Client

    async def session(url: str) -> None:
        async with Client(url, mode=mode) as agent:
            assert [each.name for each in (await agent.list_tools()).tools] == list(tools.TOOLS)
            made = await agent.call_tool("convert", {"text": ARTICLE, "to": ["docx"]})
            assert not made.is_error and made.content[1].type == "resource_link"
            read = await agent.read_resource(str(made.content[1].uri))
            assert base64.b64decode(read.contents[0].blob).startswith(b"PK")
            assert (await agent.call_tool("convert", {"text": ARTICLE, "to": []})).is_error
            assert (await agent.list_resource_templates()).resource_templates[0].uri_template.startswith(url[:16])

    with colophon(tmp_path, workers=1) as server:
        in_thread(session(f"{server.base}/mcp"))
