"""Colophon for agents: the tools of the Model Context Protocol (MCP), over HTTP at `/mcp` and over stdio in `colophon mcp`.
Start with `tools.py`.

A tool is a request to the HTTP interface of this service. Keys, quotas, limits and the sandbox are therefore those of HTTP.
The SDK (the extra `mcp`) is imported on the first call: it takes 35 MB and most of a second (measured).
"""

from service.web.agents import http

ENDPOINTS = (http,)
