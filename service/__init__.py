"""Colophon: article files in, PDF, EPUB and DOCX out, with what their front matter said."""

__version__ = "0.1.0"
