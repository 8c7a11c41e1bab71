"""Font files of one conversion in WeasyPrint, Pango and fontconfig: added to the configuration of this worker, which ends then.

fontconfig and Pango cache fonts for the life of a process: fallbacks, widths, matches by name. So fonts are never
removed. A worker with the fonts of a conversion answers, and is replaced by a fork without them.
"""

from __future__ import annotations

import os
import re
import struct
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pydyf
from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi, harfbuzz
from weasyprint.urls import URLFetcher, URLFetcherResponse

from service.engines.fonts.face import SEEN, Uploaded

BASE = "http://fonts.invalid/"  # reserved by RFC 6761
NOT_SUBSET = 0x0100  # OS/2.fsType, bit 8
TAGGED_NAME, TAGGED_FAMILY = re.compile(rb"^(/[A-Z]{6}\+)u[0-9a-f]{8}-"), re.compile(r"^u[0-9a-f]{8} ")
FSTYPE = struct.Struct(">8xH")


def add(faces: Iterable[Uploaded], configuration: Any) -> None:
    """Adds the faces. The process must not print another conversion."""
    faces = list(faces)
    if not faces:
        return
    _keep_whole()
    if configuration._folder is None:  # the one that tempfile remembers belongs to the process from which this was forked
        configuration._folder = Path(tempfile.mkdtemp(prefix="fonts-", dir=os.environ.get("TMPDIR")))
    for number, face in enumerate(faces):
        name = f"{BASE}{number}-{len(face.data)}"
        descriptors = {
            "font_family": face.family, "src": [("external", name)], "font_weight": face.weight,
            "font_style": "italic" if face.italic else "normal",
        }  # fmt: skip
        configuration.add_font_face(descriptors, _Fetcher(name, face.data))
        SEEN.append(face.family)


class _Fetcher(URLFetcher):
    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.data, self._fail_on_errors = name, data, False

    def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 (its caller passes it)
        return URLFetcherResponse(url, self.data, {"Content-Type": "font/sfnt"})


def _keep_whole() -> None:
    """A font whose licence forbids to cut it is embedded as it is."""
    if hasattr(fonts.Font.clean, "kept"):
        return
    plain: Callable[..., None] = fonts.Font.clean

    def clean(font: Any, to_unicode: Any, hinting: bool) -> None:
        if not _fstype(font) & NOT_SUBSET:
            plain(font, to_unicode, hinting)

    clean.kept = True  # type: ignore[attr-defined]
    clean.plain = getattr(plain, "plain", plain)  # type: ignore[attr-defined]
    fonts.Font.clean = clean


def _fstype(font: Any) -> int:
    """The permissions of the licence, by the table OS/2 of the font."""
    blob = harfbuzz.hb_face_reference_table(font.hb_face, harfbuzz.hb_tag_from_string(b"OS/2", -1))
    with ffi.new("unsigned int *") as length:
        data = harfbuzz.hb_blob_get_data(blob, length)
        head = bytes(ffi.buffer(data, FSTYPE.size)) if length[0] >= FSTYPE.size else bytes(FSTYPE.size)
    harfbuzz.hb_blob_destroy(blob)
    (bits,) = FSTYPE.unpack(head)
    return int(bits)


def plain_names(pdf: Any) -> None:
    """Gives the families their original names without the tag."""
    for each in pdf.objects if SEEN else ():
        if isinstance(each, dict):
            for key in ("BaseFont", "FontName"):
                if isinstance(name := each.get(key), bytes):
                    each[key] = TAGGED_NAME.sub(rb"\1", name)
            if "FontFamily" in each:
                each["FontFamily"] = pydyf.String(TAGGED_FAMILY.sub("", each["FontFamily"].string))


def forget() -> None:
    """For a process that continues with a new configuration of fonts: see `rendering.forget_fonts`."""
    SEEN.clear()
