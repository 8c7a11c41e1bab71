"""The names of XHTML in an EPUB."""

from __future__ import annotations

XHTML = "http://www.w3.org/1999/xhtml"
MATHML = "http://www.w3.org/1998/Math/MathML"
OPS = "http://www.idpf.org/2007/ops"


def tag(name: str) -> str:
    """An element of XHTML as lxml names it."""
    return f"{{{XHTML}}}{name}"
