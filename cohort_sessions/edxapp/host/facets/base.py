"""What a facet is."""

from __future__ import annotations

from typing import ClassVar, Protocol

from cohort_sessions.edxapp.host.state import EditionState


class FacetError(Exception):
    """A facet could not be brought about; the message is a sentence for administrators."""


class Facet(Protocol):
    """One side of an edition that can be looked at and made right on its own. Each docstring says what right is."""

    name: ClassVar[str]

    # Whether a failure undoes what the facet had done so far.
    in_savepoint: ClassVar[bool] = True

    def differs(self, state: EditionState) -> bool:
        """Whether the platform shows anything else than what is wanted. Changes nothing."""

    def bring_about(self, state: EditionState) -> None:
        """
        Make it so. Called only when it differs.

        Raises:
            FacetError: it cannot be done, and why.
        """
