"""Citations (`[@key]`) set by a bibliography that came with the upload, in the style of an uploaded CSL file or pandoc's own.

Neither is ever opened by a name of the document's choosing: the bibliography is parsed as data, the style is written to the
worker's own folder, and one that would send pandoc to the network for its parent is refused.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from service.ast import pandoc_ast
from service.ast.cross_references import IDENTIFIER
from service.ast.pandoc_ast import Node
from service.engines import Engines
from service.model.document import Conversion, Source
from service.model.errors import InvalidDocument, Place, ValidationFailed
from service.model.references import normal_reference

FORMATS = {".bib": "biblatex", ".bibtex": "bibtex", ".json": "csljson", ".ris": "ris", ".xml": "endnotexml"}
PARENT = re.compile(rb"<link\b[^<>]*?independent-parent", re.I)


def cited(blocks: Sequence[Node], source: Source, conversion: Conversion, engines: Engines, lang: str) -> Sequence[Node]:
    """The blocks with citations set; as they are where no bibliography is asked for.

    Raises ValidationFailed for a file that was not uploaded or can't be used.
    """
    name = conversion["bibliography"]
    if not name:
        return blocks
    suffix = posixpath.splitext(name)[1].lower()
    if suffix not in FORMATS:
        raise _refused("bibliography", f"{name!r} is in no known format; known are {', '.join(FORMATS)}.")
    works = _uploaded(source, name, "bibliography")
    blocks = pandoc_ast.walk(blocks, _referring, {"Cite"})
    with _style(source, conversion["csl"]) as style:
        try:
            ast = engines.pandoc.cite(
                pandoc_ast.dumps(blocks), works, FORMATS[suffix], style=style, lang=conversion["lang"] or lang
            )
        except InvalidDocument as error:
            raise _refused("bibliography", f"{name!r} or the citation style cannot be read.") from error
    return pandoc_ast.walk(pandoc_ast.loads(ast), _settled, {"Cite"})


def _referring(node: Node) -> Node | list[Node]:
    """A reference to a figure or a table is no citation: it stays text, which the pass `cross_references` reads."""
    inlines: list[Node] = node["c"][1]
    return inlines if all(IDENTIFIER.match(each["citationId"]) for each in node["c"][0]) else node


def _settled(node: Node) -> Node:
    """A citation as the text that it became: from here on it is text like any other."""
    return pandoc_ast.span(node["c"][1], pandoc_ast.attr(classes=["citation"]))


def _uploaded(source: Source, name: str, field: str) -> bytes:
    wanted = normal_reference(name)
    found = next((asset.data for asset in source.assets if normal_reference(asset.name) == wanted), None)
    if found is None:
        raise _refused(field, f"{name!r} was not uploaded; send it as `asset` or in the bundle.")
    return found


@contextmanager
def _style(source: Source, name: str) -> Iterator[Path | None]:
    if not name:
        yield None
        return
    data = _uploaded(source, name, "csl")
    if PARENT.search(data) or b"<!ENTITY" in data:
        raise _refused("csl", f"{name!r} depends on another style; send the style that it names instead.")
    with tempfile.NamedTemporaryFile(suffix=".csl") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def _refused(field: str, detail: str) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, f"/{field}")])
