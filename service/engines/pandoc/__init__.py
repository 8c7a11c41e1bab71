"""pandoc, kept warm."""
