"""API keys: their rights and limits. They are rows of the job store's database, created by `colophon keys`."""
