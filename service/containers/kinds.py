"""The kind of document in a zip archive, by its directory, independent of its name and of the zip program.

EPUB and ODF require `mimetype` first and not compressed, so that it is in the file's first hundred bytes. A package
that an ordinary tool has zipped again has it anywhere, or not at all.
"""

from __future__ import annotations

import io
import zipfile

from service.containers.archives import DAMAGED

MAGIC = b"PK"
CONTAINER = "META-INF/container.xml"
TYPES = "[Content_Types].xml"
EPUB = b"application/epub+zip"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"
# The signs that the bytes of a damaged archive still contain.
TRACES = {"docx": b"word/", "pptx": b"ppt/slides/", "xlsx": b"xl/worksheets/", "odt": OPEN_DOCUMENT, "epub": EPUB}
MOST = 200_000  # bytes of the parts that determine the kind


def kind(data: bytes) -> str:
    """ "docx", "pptx", "xlsx", "odt" or "epub"; empty for any other file or archive."""
    if not data.startswith(MAGIC):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _of(archive)
    except DAMAGED:
        return next((name for name, trace in TRACES.items() if trace in data), "")


def _of(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if TYPES in names and (any(name.startswith("word/") for name in names) or b"wordprocessingml" in _head(archive, TYPES)):
        return "docx"
    for name, folder, word in (("pptx", "ppt/", b"presentationml"), ("xlsx", "xl/", b"spreadsheetml")):
        if TYPES in names and (any(each.startswith(folder) for each in names) or word in _head(archive, TYPES)):
            return name
    if CONTAINER in names or ("mimetype" in names and EPUB in _head(archive, "mimetype")):
        return "epub"
    if "content.xml" in names and _says_text(archive, names):
        return "odt"
    return ""


def _says_text(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Whether an OpenDocument is a text, by its type, its manifest, or its body."""
    for name in ("mimetype", "META-INF/manifest.xml"):
        if name in names and b"opendocument" in (head := _head(archive, name)):
            return OPEN_DOCUMENT in head
    return b"office:text" in _head(archive, "content.xml")


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(MOST)
