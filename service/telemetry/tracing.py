"""OpenTelemetry traces, an extra: `pip install '.[otel]'` and the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT and the like).

A span is open during a request, an item or a webhook. Its parts are exported at its end from the collected stages,
including those of the sandboxed workers. So the engines do not know about traces, and without tracing nothing
is imported. A caller's `traceparent` continues to jobs and webhooks either way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

from service import __version__
from service.telemetry.timings import Stage

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Span:
    """The span of an operation. This one is not exported; it only passes on its trace."""

    def __init__(self, traceparent: str = "") -> None:
        self.traceparent = traceparent if TRACEPARENT.fullmatch(traceparent) else ""

    def note(self, **about: Any) -> None:
        """Attributes, by their names with `_` for `.` and `__` for `_`: `http_route` is `http.route`."""

    def end(self, found: Iterable[Stage] = (), problem: str = "") -> None:
        """Ends it, with the stages that it had; `problem` is the code of what failed."""


class Tracing:
    """Off: spans that are not exported."""

    def begin(self, name: str, kind: str, traceparent: str = "") -> Span:  # noqa: ARG002
        """`kind` is server, consumer or producer; `traceparent` is that of the parent span."""
        return Span(traceparent)

    def close(self) -> None:
        """Returns when everything was sent, or could not be sent."""


class _Told(Span):
    def __init__(self, tracer: Any, name: str, kind: str, traceparent: str) -> None:
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self.tracer, self.trace = tracer, trace
        self.offset = time.time_ns() - time.monotonic_ns()
        wire = TraceContextTextMapPropagator()
        above = wire.extract({"traceparent": traceparent}) if TRACEPARENT.fullmatch(traceparent) else None
        self.span = tracer.start_span(name, context=above, kind=trace.SpanKind[kind.upper()])
        carrier: dict[str, str] = {}
        wire.inject(carrier, trace.set_span_in_context(self.span))
        super().__init__(carrier.get("traceparent", ""))

    def note(self, **about: Any) -> None:
        self.span.set_attributes({name.replace("_", ".").replace("..", "_"): value for name, value in about.items()})

    def end(self, found: Iterable[Stage] = (), problem: str = "") -> None:
        spans: dict[int, Any] = {}
        for each in sorted(found, key=lambda stage: stage.began):  # outer ones begin first
            above = spans.get(id(each.within), self.span)
            spans[id(each)] = self._stage(each, above)
        if problem:
            self._fail(self.span, problem)
        self.span.end()

    def _stage(self, each: Stage, above: Any) -> Any:
        at = self.offset + int(each.began * 1e9)
        about = {"colophon.format": each.target} if each.target else {}
        span = self.tracer.start_span(each.name, self.trace.set_span_in_context(above), attributes=about, start_time=at)
        if each.problem:
            self._fail(span, each.problem)
        span.end(at + int(each.seconds * 1e9))
        return span

    def _fail(self, span: Any, problem: str) -> None:
        span.set_attribute("error.type", problem)
        span.set_status(self.trace.StatusCode.ERROR, problem)


class _On(Tracing):
    def __init__(self, provider: Any) -> None:
        self.provider = provider
        self.tracer = provider.get_tracer("colophon", __version__)

    def begin(self, name: str, kind: str, traceparent: str = "") -> Span:
        return _Told(self.tracer, name, kind, traceparent)

    def close(self) -> None:
        self.provider.shutdown()


def to(provider: Any) -> Tracing:
    """Exported by an OpenTelemetry TracerProvider of its own."""
    return _On(provider)


def open_tracing(environ: Mapping[str, str]) -> Tracing:
    """By OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER and OTEL_EXPORTER_OTLP_ENDPOINT. The SDK itself reads the others: sampler,
    service name, headers, limits. Raises ValueError without the extra, or for an unknown exporter.
    """
    named = environ.get("OTEL_TRACES_EXPORTER", "otlp" if any(map(environ.get, ENDPOINTS)) else "none")
    if named == "none" or environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return Tracing()
    if named not in ("otlp", "console"):
        raise ValueError(f"OTEL_TRACES_EXPORTER: {named!r} must be otlp, console or none")
    protocol = environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    if protocol != "http/protobuf":
        raise ValueError(f"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol!r} is not http/protobuf")
    try:
        return to(_provider(named, environ))
    except ImportError as error:
        raise ValueError(
            "Traces are on, but OpenTelemetry is not installed: install the packages of the extra `otel` in pyproject.toml"
        ) from error


def _provider(named: str, environ: Mapping[str, str]) -> Any:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

    exporter: SpanExporter
    if named == "console":
        exporter = ConsoleSpanExporter()
    else:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter()
    about = {"service.name": environ.get("OTEL_SERVICE_NAME", "colophon"), "service.version": __version__}
    provider = TracerProvider(resource=Resource.create(about))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
