"""What runs in the front: the converter, which asks workers and fetches images in between, and its result cache.
Imports: workers, network, storage, and the tables of model.
Start with `converter.py`.
"""
