"""The message catalogue: texts for people, by code and language.

`en.json` and `zh.json` hold texts by kind and code. The English texts of notices, problems and remedies are rows of their own
tables (NOTICES, the tree of errors, HINTS); `service.web.messages` adds them. Labels and help of options are in their rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).resolve().parent


@cache
def texts(language: str) -> Mapping[str, str]:
    """`kind.code` → text of one of LANGUAGES, for example `notice.image-missing`."""
    kinds = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return {f"{kind}.{code}": text for kind, codes in kinds.items() for code, text in codes.items()}
