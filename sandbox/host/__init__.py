"""The sandbox as a host: `SandboxHost` implements `cohort_sessions.host.Host`, one module for each area."""

from sandbox.host.deadlines import DeadlinesMixin
from sandbox.host.editions import EditionsMixin
from sandbox.host.elements import ElementsMixin
from sandbox.host.files import FilesMixin
from sandbox.host.outline import OutlineMixin
from sandbox.host.people import PeopleMixin
from sandbox.host.results import ResultsMixin

__all__ = ["SandboxHost"]


class SandboxHost(EditionsMixin, DeadlinesMixin, ElementsMixin, FilesMixin, OutlineMixin, PeopleMixin, ResultsMixin):
    """The whole protocol; stateless, so that one instance serves a process."""
