"""WeasyPrint: HTML and style sheets to PDF."""
