"""What happens to a PDF as WeasyPrint writes it."""
