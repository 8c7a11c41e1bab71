"""The program inside a worker process: answers operations until its standard input ends.

`workers.fork_server` starts it as `python -m service.workers.main`, and workers are its forks; the frames are described in
`model.frames`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service import style
from service.engines import Engines, preview
from service.inspect import serve_inspect
from service.inspect.check import serve_check
from service.model import profiles
from service.pipeline import operations
from service.style import print_css
from service.workers import child

Operation = Callable[[Mapping[str, Any], Sequence[bytes], Engines], tuple[dict[str, Any], list[bytes]]]

OPERATIONS: Mapping[str, Operation] = {
    "read": operations.serve_read,
    "write": operations.serve_write,
    "convert": operations.serve_convert,
    "inspect": serve_inspect,
    "check": serve_check,
    "split": operations.serve_split,
    "preview": preview.serve_preview,
}


def main() -> None:
    usual = profiles.load(print_css.USUAL)
    child.serve(OPERATIONS, print_css.sheets(style.PLAIN, usual, [*usual.print_css, *usual.opening_css]))


if __name__ == "__main__":
    main()
