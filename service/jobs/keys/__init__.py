"""API keys: who may do what, and how much of it. They are rows of the job store's database, made by `colophon keys`."""
