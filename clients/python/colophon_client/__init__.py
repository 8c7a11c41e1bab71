"""The client of a Colophon service: `Client(url)`, and the records that it answers. Public; `colophon` exports it too."""

from __future__ import annotations

from colophon_client.calls import Client
from colophon_client.records import Download, Event, Item, Job, JobArtifact, Saved
from colophon_client.transport import Unreachable
from service.model.errors import ColophonError as Problem

__all__ = ["Client", "Download", "Event", "Item", "Job", "JobArtifact", "Problem", "Saved", "Unreachable"]
