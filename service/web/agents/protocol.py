"""The tools as a server of the official SDK. Imported on the first call: the SDK is an extra."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from service import __version__
from service.web.agents.calls import Answer
from service.web.agents.tools import TOOLS, Result, Schema, Tool, file_name

INSTRUCTIONS = """\
Colophon converts articles (Markdown, HTML, DOCX, EPUB, LaTeX, notebooks and more) to PDF, EPUB and DOCX, and keeps their
metadata. Send an article as `text`, and what it refers to as `assets`. Results have links, not the bytes: give the link to the
user, or read it as a resource. A failed call has a problem with `code`, `detail`, and fields or lines in `errors`: correct them
and try again.
"""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """The functions that the server of the SDK needs. `run`: name and arguments of a tool → result; `read`: link → artifact.

    `templates`: name → URI template and description of the resources. `waiting` runs a blocking function: in this thread, or
    in another one. `further` are arguments of the tools that take an article or a file, besides those of the table.
    """

    run: Callable[[str, dict[str, Any]], Result]
    read: Callable[[str], Answer]
    templates: Mapping[str, tuple[str, str]]
    waiting: Callable[[Callable[[], Any]], Awaitable[Any]]
    further: Mapping[str, Schema] = field(default_factory=dict)


async def directly(function: Callable[[], T]) -> T:
    """For an event loop that serves one request: nothing else needs to run meanwhile."""
    return function()


def server(service: Service) -> Server[Any]:
    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(name, tool, service) for name, tool in TOOLS.items()])

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, f"Unknown tool {params.name!r}. The tools are: {', '.join(TOOLS)}.")
        return _result(await service.waiting(lambda: service.run(params.name, dict(params.arguments or {}))))

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        found = [
            types.ResourceTemplate(name=name, uri_template=uri, description=about)
            for name, (uri, about) in service.templates.items()
        ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def list_resources(_: Any, __: Any) -> types.ListResourcesResult:
        """Empty: each artifact has a link in its result."""
        return types.ListResourcesResult(resources=[])

    async def read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        answer = await service.waiting(lambda: service.read(params.uri))
        if answer.status != 200:
            problem = json.loads(answer.body)
            raise MCPError(types.INVALID_PARAMS, problem["detail"], problem)
        return types.ReadResourceResult(contents=[_contents(params.uri, answer)])

    made: Server[Any] = Server(
        "colophon", version=__version__, title="Colophon", instructions=INSTRUCTIONS, on_list_tools=list_tools,
        on_call_tool=call_tool, on_list_resources=list_resources, on_list_resource_templates=list_templates,
        on_read_resource=read_resource, get_tool_input_schema=lambda name: TOOLS[name].schema if name in TOOLS else None,
    )  # fmt: skip
    made.middleware.clear()  # its traces: this service has its own
    return made


def _tool(name: str, tool: Tool, service: Service) -> types.Tool:
    schema = tool.schema
    if "files" in schema["properties"]:
        schema["properties"] |= service.further
    hints = types.ToolAnnotations(read_only_hint=tool.reads_only, destructive_hint=False, open_world_hint=False)
    return types.Tool(name=name, title=tool.title, description=tool.description, input_schema=schema, annotations=hints)


def _result(result: Result) -> types.CallToolResult:
    """The JSON as text and as structure, and a link for each artifact."""
    text = types.TextContent(text=json.dumps(result.body, ensure_ascii=False))
    links = [
        types.ResourceLink(name=each.name or file_name(each.url), uri=each.url, mime_type=each.media_type, size=each.size)
        for each in result.artifacts
    ]
    return types.CallToolResult(content=[text, *links], structured_content=dict(result.body), is_error=result.failed)


def _contents(uri: str, answer: Answer) -> types.TextResourceContents | types.BlobResourceContents:
    if answer.media_type.startswith("text/") or answer.media_type == "application/json":
        return types.TextResourceContents(uri=uri, mime_type=answer.media_type, text=answer.body.decode())
    return types.BlobResourceContents(uri=uri, mime_type=answer.media_type, blob=base64.b64encode(answer.body).decode())
