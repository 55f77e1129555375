"""The host's certificate for members who have passed a course of a session, where operators have switched that on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, ResultPart
from cohort_sessions.errors import WrongState
from cohort_sessions.events import COHORT_CERTIFICATE_GIVEN, CohortCertificateData, announce
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition, EditionResult
from cohort_sessions.operations._ground import account, locked_session
from cohort_sessions.operations._ledger import follow
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise


def give_certificates(
    edition: CourseEdition, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Have the host make its certificate of this edition for those of these members who have passed, one outcome a line.

    The ledger says that they hold it once the host has made it, which may be a moment later. The history keeps who gave
    it.

    Args:
        people: usernames or e-mail addresses.

    Raises:
        NotFound, NotAllowed: see `authorise`.
        WrongState: certificates of sessions are off (``COHORT_SESSIONS_CERTIFICATES``).
    """
    authorise(actor, permissions.GIVE_CERTIFICATE, edition)
    if not settings.COHORT_SESSIONS_CERTIFICATES:
        raise WrongState(_("Certificates of sessions are switched off on this platform. Ask those who operate it."))
    with transaction.atomic():
        locked_session(edition.session)
        accounts = accounts_named(people, active_only=False)
        ids = {user.pk for user in accounts.values()}
        rows = EditionResult.objects.select_for_update().filter(edition=edition, member__user_id__in=ids)
        results = {row.member.user_id: row for row in rows.select_related("member")}
        due = {user_id: row for user_id, row in results.items() if row.passed and row.certified_at is None}
        refusals = get_host().give_certificates(edition.edition_key, due) if due else {}

        def answer(user) -> LineOutcome:
            row = results.get(user.pk)
            if row is None or not row.passed:
                return refused(_("Has not passed this course."))
            if user.pk not in due:
                return as_before(_("Has the certificate."))
            refusal = refusals.get(user.pk, "")
            return refused(refusal) if refusal else done(_("The certificate is being made."))

        given = [row for user_id, row in due.items() if not refusals.get(user_id)]
        for row in given:
            row.certificate_given_at = now
            data = CohortCertificateData(
                session_uuid=str(edition.session.uuid), edition_key=edition.edition_key, user_id=row.member.user_id
            )
            announce(COHORT_CERTIFICATE_GIVEN, now=now, certificate=data)
        if given:
            bulk_update_with_history(
                given,
                EditionResult,
                ["certificate_given_at"],
                default_user=account(actor),
                default_date=now,
                default_change_reason=_("Certificate given."),
            )
        follow(edition.edition_key, [row.member.user_id for row in given], {ResultPart.CERTIFICATE}, now=now)
    return answer_lines(people, accounts, answer)
