"""What crosses the wire: front matter, options, requests, responses (marshmallow)."""
