"""When two spellings name the same upload."""

from __future__ import annotations

from urllib.parse import unquote


def normal_reference(reference: str) -> str:
    """`./a%20b.png?x` and `a b.png` name the same upload."""
    path = unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
    return "/".join(part for part in path.split("/") if part not in {"", "."})
