"""Zip, XML, EPUB and DOCX files: vetted when read, reproducible when written."""
