"""The program inside a worker process: answers operations until its standard input ends.

`engines.forkserver` starts it as `python -m service.worker`, and workers are its forks; the frames are described in
`engines.frames`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service import look, operations, profiles
from service.engines import Engines, child, preview
from service.inspect import serve_inspect
from service.look import printed

Operation = Callable[[Mapping[str, Any], Sequence[bytes], Engines], tuple[dict[str, Any], list[bytes]]]

OPERATIONS: Mapping[str, Operation] = {
    "read": operations.serve_read,
    "write": operations.serve_write,
    "convert": operations.serve_convert,
    "inspect": serve_inspect,
    "split": operations.serve_split,
    "preview": preview.serve_preview,
}


def main() -> None:
    usual = profiles.load(printed.USUAL)
    child.serve(OPERATIONS, printed.sheets(look.PLAIN, usual, [*usual.print_css, *usual.opening_css]))


if __name__ == "__main__":
    main()
