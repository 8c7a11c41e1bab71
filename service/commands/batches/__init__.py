"""An archive of articles, overnight, and again only what changed: items, the manifest, the report, and two ways to convert."""
