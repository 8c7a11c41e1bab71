"""Zip, XML, EPUB and DOCX files: vetted when read, reproducible when written.
Imports: model, ast, telemetry.
Start with `archives.py` for reading, `packages.py` for writing.
"""
