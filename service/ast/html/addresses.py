"""Resolves a page's relative addresses if its head names a base (HTML Standard, 4.2.3)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from service.ast.html.tree import Element

ABSOLUTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# Absolute addresses, and addresses of a part of the page: browsers look for these at the base, where they do not exist.
OWN = re.compile(r"#|[A-Za-z][A-Za-z0-9+.\-]*:")
SPLIT = re.compile(r",\s+|,(?=https?:)")
NAMES = ("href", "src", "data", "cite", "poster", "data-src", "data-original", "data-lazy-src")
SETS = ("srcset", "data-srcset", "data-lazy-srcset")


def resolve(page: Element) -> None:
    """Makes the relative addresses of the page absolute by its first `<base href>`. Those within the page stay."""
    base = next((each.get("href").strip() for each in page.iter("base") if each.get("href").strip()), "")
    if not ABSOLUTE.match(base):
        return
    for each in page.iter():
        if each.foreign or each.tag in ("base", "link"):
            continue
        for name in NAMES:
            if (address := each.get(name).strip()) and not OWN.match(address):
                each.attributes[name] = _joined(base, address)
        for name in SETS:
            if each.get(name):
                each.attributes[name] = ", ".join(_candidate(base, part) for part in SPLIT.split(each.get(name)))


def _candidate(base: str, listed: str) -> str:
    address, _, size = listed.strip().partition(" ")
    return f"{address if not address or OWN.match(address) else _joined(base, address)} {size}".strip()


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base if not base.startswith("//") else f"https:{base}", address)
    except ValueError:  # not an address
        return address
