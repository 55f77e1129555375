"""
Errors people can meet, each with a stable code and a sentence fit for a page.

Doors translate them: pages show the sentence, the REST API answers an RFC 9457 problem whose ``type`` ends with the
code.
"""

from __future__ import annotations

from collections.abc import Mapping


class CohortSessionError(Exception):
    """
    Base of everything this plugin refuses on purpose. `code` is stable; the message says what is wrong and how to
    mend it.
    """

    code = "cohort-session-error"


class InvalidInput(CohortSessionError):
    """
    What was asked cannot be stored.

    Args:
        errors: field name -> sentence. The empty name stands for the whole.
    """

    code = "invalid-input"

    def __init__(self, errors: Mapping[str, str]):
        self.errors = dict(errors)
        super().__init__(" ".join(str(sentence) for sentence in self.errors.values()))


class NotAllowed(CohortSessionError):
    """The actor may know of the object, yet not do this to it."""

    code = "not-allowed"


class NotFound(CohortSessionError):
    """There is no such thing, as far as this actor may know."""

    code = "not-found"


class Locked(NotAllowed):
    """A session administrator has locked this setting."""

    code = "locked"


class WrongState(CohortSessionError):
    """The session's status does not admit this step."""

    code = "wrong-state"


class ChangedMeanwhile(CohortSessionError):
    """Somebody else has changed what the actor was changing; nothing of theirs was overwritten."""

    code = "changed-meanwhile"


class CannotJoin(CohortSessionError):
    """What the person asks of the session's seats or line is not open to them now; the message says why."""

    code = "cannot-join"


class TooManyAttempts(CohortSessionError):
    """Somebody guesses; they must wait before they may try again."""

    code = "too-many-attempts"


class HasLearnerData(CohortSessionError):
    """Something would be destroyed that learners' work hangs on."""

    code = "has-learner-data"


class HostRefused(CohortSessionError):
    """The platform would not do what we asked; the message says why in its words."""

    code = "host-refused"
