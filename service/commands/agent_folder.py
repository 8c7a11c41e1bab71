"""The folder of `colophon mcp`: articles are read from it, and artifacts are written to it. No other file is touched."""

from __future__ import annotations

import base64
import json
import mimetypes
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from schemas import options
from service.commands.local_files import source_of, write_whole
from service.model.artifact_names import Names, safe_path, stem
from service.model.document import Conversion
from service.model.errors import ValidationFailed
from service.web import bodies
from service.web.agents import tools
from service.web.agents.calls import Answer, Call
from service.web.agents.tools import LINK, Artifact, Result, Schema

PATH = "path"


class LinkFailed(Exception):
    """An artifact could not be fetched; `problem` says why."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail"))
        self.problem = problem


class AgentFolder:
    """Runs the tools through `call`, with the files below `folder`. Thread-safe."""

    def __init__(self, folder: Path, call: Call) -> None:
        self.folder, self.call = folder, call
        self.further: Mapping[str, Schema] = {
            PATH: {"type": "string", "description": f"A file below {folder}, instead of `text` or `files`. Images are found."}
        }
        self.templates = {"file": (f"file://{folder}/{{+path}}", "An article or an artifact in the folder.")}
        self._saved: dict[str, Path] = {}  # link → file
        self._lock = threading.Lock()

    def run(self, name: str, arguments: Mapping[str, Any]) -> Result:
        """The result of a tool; its artifacts are files. A path that cannot be read is a result that failed."""
        try:
            arguments = self._with_files(name, dict(arguments))
        except OSError as error:
            return tools.refusal(f"{error.filename or 'The file'}: {error.strerror or error}.", PATH)
        except ValueError as error:
            return tools.refusal(str(error), PATH)
        return self._with_paths(tools.run(name, arguments, self.call))

    def read(self, uri: str) -> Answer:
        """A file of the folder by its `file:` address."""
        try:
            path = self._below(unquote(urlsplit(uri).path))
            return Answer(200, mimetypes.guess_type(path.name)[0] or bodies.OCTETS, path.read_bytes())
        except (OSError, ValueError) as error:
            return Answer(404, "application/problem+json", json.dumps(tools.refusal(str(error), "uri").body).encode())

    def _with_files(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments with the file instead of its path. Raises OSError, ValueError."""
        link = str(arguments.get(LINK, ""))
        if link.startswith("file:"):
            arguments[PATH] = unquote(urlsplit(link).path)
            del arguments[LINK]
        if PATH not in arguments or bodies.FILES not in tools.TOOLS[name].properties:
            return arguments
        path = self._below(str(arguments.pop(PATH)))
        if LINK in tools.TOOLS[name].properties:
            return arguments | {bodies.FILES: {path.name: _base64(path.read_bytes())}}
        source = source_of(str(path), _conversion(arguments), ())
        assets = {asset.name: _base64(asset.data) for asset in source.assets}
        return arguments | {bodies.FILES: {source.name: _base64(source.data)}, bodies.ASSETS: assets}

    def _below(self, given: str) -> Path:
        """The path, resolved. Raises ValueError if it is not below the folder."""
        path = (self.folder / given).resolve()
        if not path.is_relative_to(self.folder):
            raise ValueError(f"{given!r} is not below {self.folder}. Only files in this folder can be used.")
        return path

    def _with_paths(self, result: Result) -> Result:
        """The result with files instead of links. Links of this process end with it, so they are removed."""
        if result.failed or not ({"artifacts", "archive_url"} & result.body.keys()):
            return result
        try:
            files = [self._file_of(each) for each in result.artifacts]
        except LinkFailed as error:
            return Result(error.problem, failed=True)
        body = {key: value for key, value in result.body.items() if not key.endswith("url")}
        if files:
            given: Sequence[Mapping[str, Any]] = result.body["artifacts"]
            body["artifacts"] = [{**each, "url": path.as_uri(), PATH: str(path)} for each, path in zip(given, files, strict=True)]
        artifacts = [replace(each, url=path.as_uri()) for each, path in zip(result.artifacts, files, strict=True)]
        return Result(body, artifacts)

    def _file_of(self, artifact: Artifact) -> Path:
        """The file with the artifact; written once. A file that is already there keeps its name."""
        with self._lock:
            if artifact.url not in self._saved:
                answer = tools.read(artifact.url, self.call)
                if answer.status != 200:
                    raise LinkFailed(json.loads(answer.body))
                name = safe_path(artifact.name) or "artifact"
                suffix = name.removeprefix(stem(name))
                free = Names(path.name for path in self.folder.iterdir()).free(stem(name), [suffix]) + suffix
                write_whole(self.folder / free, answer.body)
                self._saved[artifact.url] = self.folder / free
            return self._saved[artifact.url]


def _conversion(arguments: Mapping[str, Any]) -> Conversion:
    """The options, for the files that they name. The service reports their errors."""
    try:
        return options.load((), dict(arguments.get("options") or {}))
    except (ValidationFailed, TypeError, ValueError, AttributeError):
        return Conversion(())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
