"""The fonts of the operator: the folder of COLOPHON_FONTS, as installed fonts of all workers. Imports no engine.

Source: fontconfig's user manual, "fonts.conf": a file that includes the one of the system and adds a folder.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from xml.sax.saxutils import escape

from service.model import font_files

SYSTEM = "fonts.conf"  # fontconfig's own, found in its folder of configuration


def environment(setting: str, folder: Path, file: str = "") -> dict[str, str]:
    """The variables for the processes that print. `folder` gets the configuration; `file` is one that is used already."""
    if not setting:
        return {}
    fonts = Path(setting).expanduser().absolute()
    path = folder / "operator-fonts.conf"
    path.write_text(
        "<?xml version='1.0'?><fontconfig>"
        f"<include ignore_missing='yes'>{escape(file or str(Path('/etc/fonts') / SYSTEM))}</include>"
        f"<dir>{escape(str(fonts))}</dir></fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(path), "COLOPHON_FONTS": str(fonts)}


def digest() -> str:
    """Of all font files of the operator; empty without."""
    found = hashlib.sha256()
    files = font_files.of_operator()
    for file in files:
        found.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest() if files else ""
