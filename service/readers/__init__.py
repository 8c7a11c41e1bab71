"""The readers: format → Reader. A new one is a file here with its `READER`, and a row in `model/formats.py`.
Imports: the rooms from model to input, and schemas.
Start with `base.py`, then `csv.py`; `shared/` is what several readers use.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name

from service.model.formats import BUILT_IN, INPUT_FORMATS
from service.readers import ipynb, markdown
from service.readers.base import Reader

BY_OTHERS = {"ipynb": ipynb.reader(markdown.blocks_of, markdown.plain.plain)}  # its cells are Markdown
READERS: Mapping[str, Reader] = {
    name: BY_OTHERS.get(name) or resolve_name(f"service.readers.{INPUT_FORMATS[name].reader or f'{name}:READER'}")
    for name in BUILT_IN
}
