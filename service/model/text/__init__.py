"""Text as such: Unicode, dates, labels by language, JSON."""
