"""Links to other files of the same collection: an action of the PDF (GoToR), which readers resolve from the file's folder.

ISO 32000-2, 12.6.4.3. A relative URI would need a base, which a file on a disk does not have (12.6.4.8).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pydyf

from service.model.siblings import PRODUCED


def point(pdf: Any) -> None:
    """Each link to a produced file opens it, at the part that the link names; else at its first page."""
    for each in pdf.objects:
        action = each.get("A") if isinstance(each, dict) else None
        address = _address(action)
        if address.startswith(PRODUCED):
            each["A"] = _action(address)
            if "Contents" in each:
                each["Contents"] = pydyf.String(unquote(address.removeprefix(PRODUCED)))


def _address(action: Any) -> str:
    found = action.get("URI") if isinstance(action, dict) else None
    return str(getattr(found, "string", ""))


def _action(address: str) -> pydyf.Dictionary:
    path, _, part = address.removeprefix(PRODUCED).partition("#")
    name = unquote(path)
    file = pydyf.Dictionary({"Type": "/Filespec", "F": pydyf.String(name), "UF": pydyf.String(name)})
    place = pydyf.String(unquote(part)) if part else pydyf.Array([0, "/Fit"])
    return pydyf.Dictionary({"Type": "/Action", "S": "/GoToR", "F": file, "D": place, "NewWindow": "false"})
