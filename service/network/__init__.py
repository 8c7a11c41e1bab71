"""The only, guarded access to the network: remote images, pages, webhooks, deliveries.
Imports: the rooms from model to storage.
Start with `addresses.py`, which decides where a connection may go.
"""
