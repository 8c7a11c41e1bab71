"""The Python client, under the project's own name: `from colophon import Client`."""

from __future__ import annotations

from service.client import Client, Download, Event, Item, Job, JobArtifact, Saved, Unreachable
from service.errors import ColophonError as Problem

__all__ = ["Client", "Download", "Event", "Item", "Job", "JobArtifact", "Problem", "Saved", "Unreachable"]
