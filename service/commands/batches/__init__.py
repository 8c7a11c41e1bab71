"""Batches: an archive of articles, and later only its changes. Items, the manifest, the report, and two ways to convert."""
