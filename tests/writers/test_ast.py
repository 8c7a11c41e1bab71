"""The AST: what pandoc itself takes, with the metadata as pandoc's meta."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

from service.engines import Engines
from service.engines.pandoc.process import binary
from service.model.document import Conversion, Document
from service.writers import ast


def test_pandoc_takes_it(torture: Document, conversion: Callable[..., Conversion], engines: Engines) -> None:
    data = ast.write(torture, conversion("ast"), engines).data
    done = subprocess.run([binary(), "-f", "json", "-t", "markdown", "-s"], input=data, capture_output=True, check=True)
    assert "count: 3" in done.stdout.decode() or "count: '3'" in done.stdout.decode()


def test_meta_is_typed(torture: Document, conversion: Callable[..., Conversion], engines: Engines) -> None:
    meta = json.loads(ast.write(torture, conversion("ast"), engines).data)["meta"]
    assert meta["authors"]["t"] == "MetaList"
    assert meta["custom"]["c"]["draft"] == {"t": "MetaBool", "c": False}
    assert "subtitle" in meta
    assert "front_matter" not in meta
