"""Folders of settings that are needed before the settings are read."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path


def configured(setting: str, environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder in the environment variable `COLOPHON_<SETTING>`, else in the file of COLOPHON_CONFIG. None: no folder."""
    environ = os.environ if environ is None else environ
    name = environ.get(f"COLOPHON_{setting.upper()}", "")
    if not name and (config := environ.get("COLOPHON_CONFIG")):
        try:
            name = str(tomllib.loads(Path(config).read_text(encoding="utf-8")).get(setting, ""))
        except (OSError, ValueError):  # the settings report this error
            name = ""
    return Path(name).expanduser().absolute() if name else None
