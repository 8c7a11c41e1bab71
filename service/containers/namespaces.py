"""The XML namespaces of DOCX and EPUB."""

from __future__ import annotations

CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"

OPF = "http://www.idpf.org/2007/opf"
