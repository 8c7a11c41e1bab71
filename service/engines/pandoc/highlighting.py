"""pandoc's highlighting styles by name, as pandoc's own data: the colours of tokens, text and background.

Only pandoc's command line prints them, and a sealed worker cannot start a program. The front runs it once for each style and
sends the style with each call that needs it.
"""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Mapping
from typing import Any

from service.engines.pandoc.process import binary

Theme = Mapping[str, Any]
PLAIN = frozenset({"pygments", "none"})  # the colours of the profile, or no colours: no style of pandoc is needed
_given: dict[str, Theme] = {}


@functools.cache
def asked(name: str) -> Theme:
    """The style, from a run of pandoc; `name` is one of the option's values."""
    done = subprocess.run([binary(), f"--print-highlight-style={name}"], capture_output=True, check=True, timeout=20)
    found: Theme = json.loads(done.stdout)
    return found


def give(name: str, style: Theme) -> None:
    """Registers the style in this process, which cannot start programs."""
    _given[name] = style


def theme(name: str) -> Theme | None:
    """None for a name that needs no style."""
    if name in PLAIN:
        return None
    return _given.get(name) or asked(name)
