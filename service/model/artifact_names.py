"""The names of artifacts: after their source, and unique. `convert`, `batch` and the archive of a job share this rule."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Sequence

from service.model.free_names import FreeNames

LONGEST_SUFFIX = 8
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')  # characters that Windows, or a careless unzip, cannot handle


def stem(source_name: str) -> str:
    """`a/b.md` → `b`; the name of a source is a label, with `/` or `\\` between its folders."""
    name = source_name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    base, dot, extension = name.rpartition(".")
    return base if dot and base and len(extension) <= LONGEST_SUFFIX else name or "article"


def artifact_name(source_name: str, suffix: str) -> str:
    """`a.md` → `a.pdf`."""
    return stem(source_name) + suffix


def safe_path(path: str) -> str:
    """A safe form of a path of unknown origin: without parts such as `..`, and valid on every file system. It may be empty."""
    return "/".join(UNFIT.sub("_", part) for part in path.split("/") if part.strip(" ."))


class Names:
    """Unique paths below one folder, also on a file system that ignores case and Unicode form."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {_key(path) for path in taken}
        self._free = FreeNames()

    def free(self, wanted: str, suffixes: Sequence[str]) -> str:
        """`wanted`, or `wanted-2` and so on, such that no path with one of `suffixes` is in use. These paths are then in use."""

        def is_taken(path: str) -> bool:
            return any(_key(path + suffix) in self._taken for suffix in suffixes)

        path = self._free.free(wanted, "{name}-{number}", is_taken, (_key(wanted), *suffixes))
        self._taken |= {_key(path + suffix) for suffix in suffixes}
        return path


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", posixpath.normpath(path)).casefold()
