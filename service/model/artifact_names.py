"""How artifacts are named: after their source, no two alike. `convert`, `batch` and the archive of a job share this rule."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Sequence

from service.model.free_names import FreeNames

LONGEST_SUFFIX = 8
UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')  # what Windows, or a careless unzip, stumbles over


def stem(source_name: str) -> str:
    """`a/b.md` → `b`; the name of a source is a label, and its folders may be written in either way."""
    name = source_name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    base, dot, extension = name.rpartition(".")
    return base if dot and base and len(extension) <= LONGEST_SUFFIX else name or "article"


def artifact_name(source_name: str, suffix: str) -> str:
    """`a.md` → `a.pdf`."""
    return stem(source_name) + suffix


def safe_path(path: str) -> str:
    """A path of unknown origin with only the parts that lead down, each fit for any file system; perhaps empty."""
    return "/".join(UNFIT.sub("_", part) for part in path.split("/") if part.strip(" ."))


class Names:
    """Paths below one folder, no two the same, on a file system that ignores case and Unicode form too."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {_key(path) for path in taken}
        self._free = FreeNames()

    def free(self, wanted: str, suffixes: Sequence[str]) -> str:
        """`wanted`, or `wanted-2` and so on, such that no path with one of `suffixes` is taken yet; now they."""

        def is_taken(path: str) -> bool:
            return any(_key(path + suffix) in self._taken for suffix in suffixes)

        path = self._free.free(wanted, "{name}-{number}", is_taken, (_key(wanted), *suffixes))
        self._taken |= {_key(path + suffix) for suffix in suffixes}
        return path


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", posixpath.normpath(path)).casefold()
