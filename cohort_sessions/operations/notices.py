"""Tell people what happened to their place."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cohort_sessions.data import MemberStatus, NoticeKind
from cohort_sessions.host import get_host
from cohort_sessions.models import Announcement, Member, Notice
from cohort_sessions.operations._readers import written_for
from cohort_sessions.operations._retries import PATIENCE, again_at
from cohort_sessions.queries.announcements import is_published, is_still_meant
from cohort_sessions.queries.letters import letter_of
from cohort_sessions.timeline import Listing, access


def send_notice(notice_id: int, *, now: datetime) -> bool:
    """
    Mail a notice to the person it is for, in their language and time zone, unless that was done before.

    The row stays locked while the host takes the letter, so that two senders never send it both; who is killed in
    between sends it again: at least once. Closed accounts are told nothing, and nobody is told of an announcement that
    is not published any more, or not to them, or not to be mailed any more. Asks no permission: who wrote the notice
    had it.

    Returns whether this call brought it to an end.

    Raises:
        Exception: whatever kept the host from taking it; the next attempt is noted on the row first.
    """
    try:
        with transaction.atomic():
            notice = Notice.objects.select_for_update().filter(pk=notice_id, sent_at=None).first()
            if notice is None:
                return False
            if notice.user.is_active and _still_holds(notice, now):
                _send(notice)
            Notice.objects.filter(pk=notice_id).update(sent_at=now, send_again_at=None)
    except Exception:
        _note_failure(notice_id, now)
        raise
    return True


def put_off_sending(notice: Notice, *, now: datetime) -> None:
    """
    The notice was asked for again, as it stood in `notice`: nobody need ask once more for a while.

    Nothing happens where it was sent, or has failed, meanwhile.
    """
    waiting = Notice.objects.filter(pk=notice.pk, sent_at=None, failures=notice.failures)
    waiting.update(send_again_at=now + PATIENCE)


def _send(notice: Notice) -> None:
    host = get_host()
    with written_for(host.language(notice.user_id), host.time_zone(notice.user_id)):
        host.send_letter(notice.user_id, letter_of(notice))


def _still_holds(notice: Notice, now: datetime) -> bool:
    """Whether there is still anything to tell."""
    if notice.kind != NoticeKind.ANNOUNCEMENT:
        return True
    meant = Announcement.objects.filter(is_published(now), is_still_meant(), mails=True)
    is_there = meant.filter(pk=notice.announcement_id).exists()
    places = Member.objects.filter(session=notice.session_id, user=notice.user_id, status=MemberStatus.ACTIVE.value)
    place = places.first() if is_there else None
    if place is None:
        return False
    decision = access(notice.session.schedule, membership=place.membership, on_team=False, now=now)
    return decision.listing == Listing.SHOWN


def _note_failure(notice_id: int, now: datetime) -> None:
    notice = Notice.objects.get(pk=notice_id)
    failures = notice.failures + 1
    Notice.objects.filter(pk=notice_id).update(failures=failures, send_again_at=again_at(now, failures))
