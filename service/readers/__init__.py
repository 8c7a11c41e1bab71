"""The readers: name → Reader. A new input format is one file here and one line in the table."""

from __future__ import annotations

from collections.abc import Mapping

from service.readers import csv, html, ipynb, latex, markdown, mediawiki, office, org, rst, text
from service.readers.base import Reader

READERS: Mapping[str, Reader] = {
    reader.name: reader
    for reader in (
        markdown.READER,
        html.READER,
        office.DOCX,
        office.ODT,
        office.EPUB,
        latex.READER,
        rst.READER,
        org.READER,
        mediawiki.READER,
        ipynb.reader(markdown.blocks_of),
        text.READER,
        csv.READER,
    )
}
