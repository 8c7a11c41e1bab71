"""Clients that usual generators make from openapi.yaml: each converts, makes a job and reads a problem."""
