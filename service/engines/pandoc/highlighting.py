"""pandoc's styles of highlighting by name, as its own data: colours of tokens, of the text and of the ground behind it.

Only the command line gives them out, and a sealed worker starts no program: the front asks, once for each style, and
sends the style along with the work that needs it.
"""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Mapping
from typing import Any

from service.engines.pandoc.process import binary

Theme = Mapping[str, Any]
PLAIN = frozenset({"pygments", "none"})  # the profile's own colours, or none: no style of pandoc's is needed
_given: dict[str, Theme] = {}


@functools.cache
def asked(name: str) -> Theme:
    """The style, from a run of pandoc; `name` is one of the option's values."""
    done = subprocess.run([binary(), f"--print-highlight-style={name}"], capture_output=True, check=True, timeout=20)
    found: Theme = json.loads(done.stdout)
    return found


def give(name: str, style: Theme) -> None:
    """Makes the style known in this process, which may start no program."""
    _given[name] = style


def theme(name: str) -> Theme | None:
    """None for a name that needs no style."""
    if name in PLAIN:
        return None
    return _given.get(name) or asked(name)
