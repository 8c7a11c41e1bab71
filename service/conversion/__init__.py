"""The code that runs in the front: the converter, which calls workers and fetches images, and its result cache.
Imports: workers, network, storage, and the tables of model.
Start with `converter.py`.
"""
