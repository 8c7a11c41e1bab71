"""The one guarded way out: remote images and webhooks.
Imports: the rooms from model to storage.
Start with `addresses.py`, which decides where a connection may go.
"""
