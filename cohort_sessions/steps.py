"""How the status of a session is changed: each step with its words, conditions and operation, once for every door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from cohort_sessions.data import SessionStatus
from cohort_sessions.models import CohortSession
from cohort_sessions.operations.restoring import restore_session
from cohort_sessions.operations.sessions import archive_session, cancel_session, publish_session


@dataclass(frozen=True, slots=True)
class Step:
    """
    A change of how a session stands.

    Attributes:
        link: what leads to the page that asks.
        title: heads that page, and names its button.
        lead: what will happen, what is lost, and whether it can be undone.
        done: what is said of a session where it went well; without a full stop.
        possible_from: how the session may stand before.
        act: the operation; keywords are `actor`, `now`, and `reason` where one is asked for.
        reason_help: what stands beside the field for a reason; empty where none is asked for.
        is_main: the next thing one would do.
        is_destructive: takes something away from somebody.
    """

    link: str
    title: str
    lead: Sequence[str]
    done: str
    possible_from: Collection[SessionStatus]
    act: Callable[..., CohortSession]
    reason_help: str = ""
    is_main: bool = False
    is_destructive: bool = False


PUBLISH = Step(
    link=gettext_lazy("Publish…"),
    title=gettext_lazy("Publish"),
    lead=(
        gettext_lazy("Members see the session from now on, and enter its courses when it opens."),
        gettext_lazy("This cannot be undone, but a published session can be cancelled or archived."),
    ),
    done=gettext_lazy("The session is published"),
    possible_from=(SessionStatus.DRAFT,),
    act=publish_session,
    is_main=True,
)
RESTORE = Step(
    link=gettext_lazy("Restore…"),
    title=gettext_lazy("Restore"),
    lead=(
        gettext_lazy("The session becomes what it was before it was cancelled or archived."),
        gettext_lazy("Members find everything as they left it. Who waited for a place before asks anew."),
        gettext_lazy("It can be cancelled or archived again at any time."),
    ),
    done=gettext_lazy("The session is restored"),
    possible_from=(SessionStatus.CANCELLED, SessionStatus.ARCHIVED),
    act=restore_session,
    is_main=True,
)
CANCEL = Step(
    link=gettext_lazy("Cancel the session…"),
    title=gettext_lazy("Cancel the session"),
    lead=(
        gettext_lazy("Members still see it, marked as cancelled, with your reason. Nobody enters its courses."),
        gettext_lazy("Who waits for a place is told by mail that there will be none."),
        gettext_lazy("Nothing that anybody has done is lost, and it can be restored, but not the waiting list."),
    ),
    done=gettext_lazy("The session is cancelled"),
    possible_from=(SessionStatus.DRAFT, SessionStatus.PUBLISHED),
    act=cancel_session,
    reason_help=gettext_lazy("Members read it on the session and in a mail."),
    is_destructive=True,
)
ARCHIVE = Step(
    link=gettext_lazy("Archive…"),
    title=gettext_lazy("Archive"),
    lead=(
        gettext_lazy("The session is past and read only for everybody, whatever its dates say."),
        gettext_lazy("Nothing that anybody has done is lost, and it can be restored."),
    ),
    done=gettext_lazy("The session is archived"),
    possible_from=(SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.CANCELLED),
    act=archive_session,
    is_destructive=True,
)

# By the names of their pages, in the order in which they are offered.
STEPS = {"publish": PUBLISH, "restore": RESTORE, "cancel": CANCEL, "archive": ARCHIVE}
