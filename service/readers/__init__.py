"""The readers: format → Reader. A new one is a file here with its `READER`, and a row in `model/formats.py`.
Imports: the rooms from model to input, and schemas.
Start with `base.py`, then `csv.py`; `shared/` is what several readers use.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name

from service.model.formats import BUILT_IN, INPUT_FORMATS
from service.readers import enex, html, ipynb, mail, markdown
from service.readers.base import Reader

# What is inside these is of another format: the cells of a notebook, the pages in messages and notes.
BY_OTHERS = {
    "ipynb": ipynb.reader(markdown.blocks_of, markdown.plain.plain),
    "mail": mail.reader(html.read_page, html.plain),
    "enex": enex.reader(html.read_page, html.plain),
}
READERS: Mapping[str, Reader] = {
    name: BY_OTHERS.get(name) or resolve_name(f"service.readers.{INPUT_FORMATS[name].reader or f'{name}:READER'}")
    for name in BUILT_IN
}
