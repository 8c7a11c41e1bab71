"""Spans of a request, of an item and of a webhook, one trace from the caller to the receiver; nothing where it is off."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from urllib3 import encode_multipart_formdata

from service.model.settings import Settings
from service.telemetry import tracing
from service.telemetry.timings import Stage
from service.web.application import create_app
from service.web.services import of
from tests.receivers import Answer, Receiver, receiver
from tests.servers import COLOPHON, colophon
from tests.web.conftest import ARTICLE

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


@pytest.fixture
def memory() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(tmp_path: Path, memory: InMemorySpanExporter) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path), workers=1, fetch_allow="127.0.0.0/8,127.0.0.1"))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    of(app).tracing = tracing.to(provider)
    yield app.test_client()
    of(app).stop()


def post(client: FlaskClient, path: str, **fields: Any) -> Any:
    body, kind = encode_multipart_formdata([("file", ("a.md", ARTICLE.encode())), *fields.items()])
    return client.post(path, data=body, content_type=kind, headers={"traceparent": TRACEPARENT})


def line_of(span: ReadableSpan, spans: list[ReadableSpan]) -> list[str]:
    """Names from the outermost span that is ours down to this one."""
    by_id = {each.context.span_id: each for each in spans}
    above = by_id.get(span.parent.span_id) if span.parent else None
    return [*(line_of(above, spans) if above else []), span.name]


def until_reported(memory: InMemorySpanExporter, *names: str) -> list[ReadableSpan]:
    end = time.monotonic() + 60
    while not set(names) <= {span.name for span in memory.get_finished_spans()}:
        assert time.monotonic() < end, [span.name for span in memory.get_finished_spans()]
        time.sleep(0.05)
    return list(memory.get_finished_spans())


def test_spans_go_from_the_front_through_the_worker_to_the_engine(traced: FlaskClient, memory: InMemorySpanExporter) -> None:
    assert post(traced, "/v1/convert", to="docx").status_code == 200
    spans = list(memory.get_finished_spans())
    root = next(span for span in spans if span.name == "POST /v1/convert")
    assert (f"{root.context.trace_id:032x}", f"{root.parent.span_id:016x}") == (TRACE, PARENT)  # type: ignore[union-attr]
    assert root.attributes == {"http.request.method": "POST", "http.route": "/v1/convert", "http.response.status_code": 200}
    lines = [line_of(span, spans) for span in spans]
    work = (["read", "passes"], ["write", "pandoc"], ["write", "verify"])
    for wanted in (["wait"], *(["worker", *each] for each in work)):
        assert ["POST /v1/convert", "convert", *wanted] in lines, wanted
    for span in spans:
        assert root.start_time - 5e6 <= span.start_time <= span.end_time <= root.end_time + 5e6  # type: ignore[operator]
        assert span.context.trace_id == root.context.trace_id


def test_a_problem_is_reported_where_it_happened(traced: FlaskClient, memory: InMemorySpanExporter) -> None:
    body, kind = encode_multipart_formdata([("file", ("a.md", b"")), ("to", "pdf")])
    assert traced.post("/v1/convert", data=body, content_type=kind).status_code == 422
    convert = next(span for span in memory.get_finished_spans() if span.name == "convert")
    assert convert.attributes == {"error.type": "empty-document", "colophon.format": "pdf"}
    assert not convert.status.is_ok


def test_one_trace_from_the_caller_to_the_receiver_of_the_webhook(traced: FlaskClient, memory: InMemorySpanExporter) -> None:
    with receiver(Answer(204)) as there:
        services = of(traced.application)
        _ = services.deliverer
        assert post(traced, "/v1/jobs", to="epub", webhook_url=f"{there.url}/hook").status_code == 202
        spans = until_reported(memory, "item", "webhook")
        reported = {span.name: span for span in spans}
        sent = webhook_of(there)
    assert {f"{span.context.trace_id:032x}" for span in (reported["POST /v1/jobs"], reported["item"], reported["webhook"])} == {
        TRACE
    }
    assert reported["item"].parent.span_id == reported["POST /v1/jobs"].context.span_id  # type: ignore[union-attr]
    assert reported["item"].attributes["colophon.ended"] == "succeeded"  # type: ignore[index]
    assert sent == f"00-{TRACE}-{reported['webhook'].context.span_id:016x}-01"


def webhook_of(there: Receiver) -> str:
    end = time.monotonic() + 30
    while not there.asked:
        assert time.monotonic() < end
        time.sleep(0.05)
    return there.asked[0].headers.get("traceparent", "")


def test_a_trace_is_passed_on_where_none_is_kept(tmp_path: Path) -> None:
    with receiver(Answer(204)) as there, colophon(tmp_path, workers=1, fetch_allow="127.0.0.0/8,127.0.0.1") as server:
        files = {"file": ("a.md", ARTICLE.encode()), "to": "html", "webhook_url": f"{there.url}/hook"}
        assert server.post("/v1/jobs", {"traceparent": TRACEPARENT}, **files).status == 202
        assert webhook_of(there) == TRACEPARENT


@pytest.mark.parametrize(
    "broken", ["", "x", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{PARENT}-01\r\nX: y", TRACEPARENT.upper()]
)
def test_what_is_no_traceparent_goes_nowhere(broken: str) -> None:
    assert tracing.Tracing().begin("item", "consumer", broken).traceparent == ""


def test_stages_without_times_end_a_span_all_the_same(memory: InMemorySpanExporter) -> None:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(memory))
    tracing.to(provider).begin("item", "consumer", "x").end([Stage("read", time.monotonic(), 0.0)], "lost")
    assert [span.name for span in memory.get_finished_spans()] == ["read", "item"]


def test_off_nothing_is_imported(tmp_path: Path) -> None:
    program = (
        "import sys; from service.web.application import create_app; from service.model.settings import Settings\n"
        f"app = create_app(Settings(data_dir={str(tmp_path)!r}))\n"
        "print(app.test_client().get('/v1/formats').status_code, [name for name in sys.modules if 'opentelemetry' in name])"
    )
    reported = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert reported.stdout.split(maxsplit=1) == ["200", "[]\n"]


@pytest.mark.parametrize(
    ("environ", "on"),
    [
        ({}, False),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
    ],
)
def test_the_standard_variables_say_whether(environ: dict[str, str], on: bool) -> None:
    found = tracing.open_tracing(environ)
    assert (type(found) is not tracing.Tracing) == on
    found.close()


@pytest.mark.parametrize(
    "environ", [{"OTEL_TRACES_EXPORTER": "zipkin"}, {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}]
)
def test_what_can_not_be_followed_stops_the_start(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="OTEL_"):
        tracing.open_tracing(environ)
    variables = {"PATH": "/usr/bin", "COLOPHON_DATA_DIR": str(tmp_path), **environ}
    run = subprocess.run(
        [COLOPHON, "serve", "--port", "1"], env=variables, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 2
    assert "OTEL_" in run.stderr


def test_otlp_is_what_a_collector_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real service against a receiver that represents the collector: protobuf, at the path of the specification."""
    with receiver(Answer(200)) as collector:
        monkeypatch.setattr("tests.servers.VARIABLES", ("PATH", "HOME", "LANG", "OTEL_EXPORTER_OTLP_ENDPOINT"))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with colophon(tmp_path, workers=1) as server:
            assert server.post("/v1/convert", file=("a.md", ARTICLE.encode()), to="html").status == 200
        (sent,) = [asked for asked in collector.asked if b"POST /v1/convert" in asked.body]
    assert (sent.path, sent.headers["content-type"]) == ("/v1/traces", "application/x-protobuf")
    assert b"colophon" in sent.body and b"pandoc" in sent.body
    assert not [line for line in server.log.read_text(encoding="utf-8").splitlines() if json.loads(line)["level"] == "error"]
