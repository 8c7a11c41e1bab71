"""The client of a Colophon service: `Client(url)`, and the records that it answers. It needs only urllib3."""

from __future__ import annotations

from colophon_client.calls import Client
from colophon_client.problems import Place, Problem, Unreachable
from colophon_client.records import Download, Event, Item, Job, JobArtifact, Saved
from colophon_client.uploads import Url

__version__ = "0.1.0"
__all__ = ["Client", "Download", "Event", "Item", "Job", "JobArtifact", "Place", "Problem", "Saved", "Unreachable", "Url"]
