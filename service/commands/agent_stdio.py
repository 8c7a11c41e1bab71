"""The tools over standard input and output, by the SDK. Needs the extra `mcp`."""

from __future__ import annotations

import anyio
from anyio.to_thread import run_sync
from mcp.server.stdio import stdio_server

from service.commands.agent_folder import AgentFolder
from service.web.agents import protocol


def serve(folder: AgentFolder) -> None:
    """Returns at the end of standard input. Calls run in threads, so that the agent can cancel and send requests meanwhile."""
    anyio.run(_serve, protocol.Service(folder.run, folder.read, folder.templates, run_sync, folder.further))


async def _serve(service: protocol.Service) -> None:
    made = protocol.server(service)
    async with stdio_server() as (reading, writing):
        await made.run(reading, writing, made.create_initialization_options())
