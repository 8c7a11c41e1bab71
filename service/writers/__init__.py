"""The writers: name → Writer. A new output format is one file here and one line in the table."""

from __future__ import annotations

from collections.abc import Mapping

from service.writers import ast, docx, epub, html, markdown, pdf
from service.writers.base import Writer

WRITERS: Mapping[str, Writer] = {
    writer.name: writer for writer in (pdf.WRITER, epub.WRITER, docx.WRITER, html.WRITER, markdown.WRITER, ast.WRITER)
}
