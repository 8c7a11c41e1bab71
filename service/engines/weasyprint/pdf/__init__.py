"""Changes to a PDF while WeasyPrint writes it."""
