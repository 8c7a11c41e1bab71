"""The program inside a worker process: answers operations until its standard input ends.

`workers.fork_server` starts it as `python -m service.workers.main`, and workers are its forks; the frames are described in
`model.frames`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name

from service import style
from service.model import operations, profiles
from service.style import print_css
from service.workers import child

OPERATIONS: Mapping[str, child.Operation] = {name: resolve_name(row.handler) for name, row in operations.OPERATIONS.items()}


def main() -> None:
    usual = profiles.load(print_css.USUAL)
    child.serve(OPERATIONS, print_css.sheets(style.PLAIN, usual, [*usual.print_css, *usual.opening_css]))


if __name__ == "__main__":
    main()
