"""Zip, XML, EPUB and DOCX files: checked when read, reproducible when written.
Imports: model, ast, telemetry.
Start with `archives.py` for reading, `packages.py` for writing.
"""
