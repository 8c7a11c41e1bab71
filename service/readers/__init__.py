"""The readers: format → Reader. A new one is a file here, a row in the table, and a row in `model/formats.py`.
Imports: the rooms from model to input, and schemas.
Start with `base.py`, then `csv.py`; `shared/` is what several readers use.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.readers import (
    asciidoc,
    csv,
    djot,
    docbook,
    fb2,
    html,
    ipynb,
    jats,
    latex,
    markdown,
    mediawiki,
    office,
    org,
    rst,
    rtf,
    text,
    textile,
    typst,
)
from service.readers.base import Reader

READERS: Mapping[str, Reader] = {
    reader.name: reader
    for reader in (
        markdown.READER,
        jats.READER,
        docbook.READER,
        fb2.READER,
        html.READER,
        office.DOCX,
        office.PPTX,
        office.XLSX,
        office.ODT,
        office.EPUB,
        rtf.READER,
        latex.READER,
        rst.READER,
        org.READER,
        mediawiki.READER,
        asciidoc.READER,
        typst.READER,
        djot.READER,
        textile.READER,
        ipynb.reader(markdown.blocks_of, markdown.plain.plain),
        text.READER,
        csv.READER,
    )
}
