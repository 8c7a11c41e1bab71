"""The program inside a worker process: answers operations until its standard input ends.

`engines.workers` starts it as `python -m service.worker`; the frames are described in `engines.frames`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service import operations
from service.engines import Engines, child, preview
from service.inspect import serve_inspect

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
    child.serve(OPERATIONS)


if __name__ == "__main__":
    main()
