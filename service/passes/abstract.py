"""Shows the abstract of the metadata on the page, from any source. Readers that parse its markup add it earlier."""

from __future__ import annotations

import operator
from dataclasses import replace

from schemas import metadata
from service.model import title_fields
from service.model.blocks import Blocks
from service.model.document import Block, Conversion, Document
from service.readers.shared import abstracts


def run(document: Document, conversion: Conversion) -> Document:
    blocks: list[Block] = list(document.blocks)
    if document.metadata.abstract and title_fields.ABSTRACT not in title_fields.of(conversion):
        kept = [block for block in blocks if not abstracts.is_abstract(block)]
        return replace(document, blocks=Blocks(kept, like=document.blocks)) if len(kept) < len(blocks) else document
    wanted = document.metadata.abstract
    said = metadata.load(document.metadata.front_matter)[0].abstract
    if said and said != wanted:  # the request has another abstract
        blocks = [block for block in blocks if not abstracts.is_abstract(block)]
    if wanted and not abstracts.stands_in(blocks, wanted):
        blocks = abstracts.put_in(blocks, abstracts.paragraphs(wanted), document.metadata)
    same = len(blocks) == len(document.blocks) and all(map(operator.is_, blocks, document.blocks))
    return document if same else replace(document, blocks=Blocks(blocks, like=document.blocks))
