"""The schemas of front matter, options, requests and responses (marshmallow)."""
