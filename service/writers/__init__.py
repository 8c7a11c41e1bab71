"""The writers: format → Writer. A new one is a file here, a row in the table, and a row in `model/formats.py`.
Imports: the rooms from model to style.
Start with `base.py`, then `markdown.py`; `page/` is the HTML page that PDF and HTML are made from.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.writers import ast, docx, epub, html, markdown, pdf
from service.writers.base import Writer

WRITERS: Mapping[str, Writer] = {
    writer.name: writer for writer in (pdf.WRITER, epub.WRITER, docx.WRITER, html.WRITER, markdown.WRITER, ast.WRITER)
}
