"""The records that the rooms exchange, errors, notices and settings, and the tables of formats and metadata fields.
Imports: nothing of the service.
Start with `document.py`, then `settings.py` and `errors.py`.
"""
