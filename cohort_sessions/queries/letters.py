"""What a notice says, in the language and the time zone of whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import NoticeKind
from cohort_sessions.host import Letter, get_host
from cohort_sessions.models import Announcement, CourseEdition, Invitation, JoinRequest, Notice, SessionMessage
from cohort_sessions.queries.names import name_of
from cohort_sessions.rich_text import markdown_html

_SUBJECTS: Mapping[NoticeKind, str] = {
    NoticeKind.SEAT_GIVEN: gettext_lazy("You have a place in “%(session)s”"),
    NoticeKind.SEAT_OFFERED: gettext_lazy("A place in “%(session)s” is kept for you"),
    NoticeKind.OFFER_EXPIRED: gettext_lazy("The place in “%(session)s” went to somebody else"),
    NoticeKind.REQUEST_APPROVED: gettext_lazy("You have a place in “%(session)s”"),
    NoticeKind.REQUEST_QUEUED: gettext_lazy("You are on the waiting list of “%(session)s”"),
    NoticeKind.REQUEST_DECLINED: gettext_lazy("Your request for “%(session)s” was declined"),
    NoticeKind.REQUEST_ENDED: gettext_lazy("There will be no place in “%(session)s”"),
    NoticeKind.MOVED: gettext_lazy("You were moved to “%(session)s”"),
    NoticeKind.INVITED_SEATED: gettext_lazy("You have a place in “%(session)s”"),
    NoticeKind.INVITED_QUEUED: gettext_lazy("You are on the waiting list of “%(session)s”"),
}

_NEWS: Mapping[NoticeKind, str] = {
    NoticeKind.SEAT_GIVEN: gettext_lazy("A seat became free, and you were the first on the waiting list."),
    NoticeKind.SEAT_OFFERED: gettext_lazy("A seat became free, and you are the first on the waiting list."),
    NoticeKind.OFFER_EXPIRED: gettext_lazy("The seat that was kept for you was not accepted in time."),
    NoticeKind.REQUEST_APPROVED: gettext_lazy("The session's team approved your request."),
    NoticeKind.REQUEST_QUEUED: gettext_lazy(
        "The session's team approved your request, but no seat is free. You will be told when it is your turn."
    ),
    NoticeKind.REQUEST_DECLINED: gettext_lazy("The session's team declined your request."),
    NoticeKind.REQUEST_ENDED: gettext_lazy("You were waiting for a place, but the session is over or was called off."),
    NoticeKind.MOVED: gettext_lazy("The team moved your place. What you did before is kept in the session you left."),
    NoticeKind.INVITED_SEATED: gettext_lazy("You were invited, and your account is ready now."),
    NoticeKind.INVITED_QUEUED: gettext_lazy(
        "You were invited, but no seat was free when your account was ready. You will be told when it is your turn."
    ),
}

# Who has a place is sent to it, the others to where places are.
_LEADS_TO_SESSION = frozenset(
    {NoticeKind.SEAT_GIVEN, NoticeKind.REQUEST_APPROVED, NoticeKind.MOVED, NoticeKind.INVITED_SEATED}
)


def letter_of(notice: Notice) -> Letter:
    """
    The letter of a notice, in the active language and time zone; its session must be loaded. At most one query, three
    for a message or an announcement.

    The words of the team go with it as they were written.
    """
    kind, session = NoticeKind(notice.kind), notice.session
    if kind == NoticeKind.MESSAGE:
        return _message_letter(notice)
    if kind == NoticeKind.ANNOUNCEMENT:
        return _announcement_letter(notice)
    paragraphs = [str(_NEWS[kind])]
    if kind == NoticeKind.SEAT_OFFERED:
        paragraphs.append(_until_when(notice))
    if notice.words:
        paragraphs.append(_("The team writes: %(words)s") % {"words": notice.words})
    return Letter(
        subject=str(_SUBJECTS[kind]) % {"session": session.title},
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        link_path=reverse("cohort_sessions:session_home", kwargs={"code": session.code})
        if kind in _LEADS_TO_SESSION
        else reverse("cohort_sessions:available_sessions"),
        link_label=_("Go to the session") if kind in _LEADS_TO_SESSION else _("See the sessions you can join"),
    )


def _message_letter(notice: Notice) -> Letter:
    session = notice.session
    message = (
        SessionMessage.objects.annotate(name=name_of("sent_by")).select_related("edition").get(pk=notice.message_id)
    )
    course = _course_title(message.edition)
    words = {"who": message.name or _("The team"), "session": session.title}
    if course:
        about = _("%(who)s writes to you about “%(course)s” in “%(session)s”:") % {**words, "course": course}
    else:
        about = _("%(who)s writes to you about “%(session)s”:") % words
    return Letter(
        subject=message.subject,
        paragraphs=(about, *_parts(message.text)),
        link_path=reverse("cohort_sessions:session_home", kwargs={"code": session.code}),
        link_label=_("Go to the session"),
    )


def _announcement_letter(notice: Notice) -> Letter:
    """As it stands now, not as it stood when the notice was written."""
    session = notice.session
    announcement = Announcement.objects.select_related("edition").get(pk=notice.announcement_id)
    course, words = _course_title(announcement.edition), {"session": session.title}
    if course:
        about = _("An announcement about “%(course)s” in “%(session)s”:") % {**words, "course": course}
    else:
        about = _("An announcement in “%(session)s”:") % words
    return Letter(
        subject=announcement.title,
        paragraphs=(about, *_parts(announcement.text)),
        link_path=reverse("cohort_sessions:session_home", kwargs={"code": session.code}),
        link_label=_("Go to the session"),
        html=format_html("<p>{}</p>\n{}", about, markdown_html(announcement.text)),
    )


def _course_title(edition: CourseEdition | None) -> str:
    """What its course is called; empty for none, and for one that the host does not know."""
    courses = {} if edition is None else get_host().base_courses({edition.base_key})
    return next((course.title for course in courses.values()), "")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def invitation_letter(invitation: Invitation) -> Letter:
    """
    The letter to somebody without an account, in the active language and time zone; the session must be loaded.

    It names nobody: who reads it may not be who was meant. The session's page asks who is not signed in to sign in or
    register.
    """
    session = invitation.session
    ends_at = min(invitation.expires_at, session.join_terms.period.closes_at or invitation.expires_at)
    return Letter(
        subject=_("You are invited to “%(session)s”") % {"session": session.title},
        paragraphs=(
            _("The team of this session has a place in mind for you."),
            _("Register with this e-mail address, or sign in if you have, and confirm it: the place is yours then."),
            _("The invitation is good until %(moment)s, as long as there are seats.") % {"moment": _moment(ends_at)},
        ),
        link_path=reverse("cohort_sessions:session_home", kwargs={"code": session.code}),
        link_label=_("Register or sign in"),
    )


def _until_when(notice: Notice) -> str:
    """Until when the offer stands; nothing where it was answered, or ran out, before the letter left."""
    offers = JoinRequest.objects.filter(session=notice.session_id, user=notice.user_id, offer_expires_at__isnull=False)
    expires_at = offers.values_list("offer_expires_at", flat=True).first()
    if expires_at is None:
        return ""
    return _("Accept it until %(moment)s; after that it goes to the next.") % {"moment": _moment(expires_at)}


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"
