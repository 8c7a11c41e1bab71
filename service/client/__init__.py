"""The client of a Colophon service: `Client(url)`, and the records that it answers. Public; `colophon` exports it too."""

from __future__ import annotations

from service.client.calls import Client
from service.client.records import Download, Event, Item, Job, JobArtifact, Saved
from service.client.transport import Unreachable

__all__ = ["Client", "Download", "Event", "Item", "Job", "JobArtifact", "Saved", "Unreachable"]
