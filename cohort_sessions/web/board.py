"""Announcements and materials of a session, worded: for its home page, and for the page where its team keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cohort_sessions.data import MaterialKind
from cohort_sessions.queries.announcements import Publication
from cohort_sessions.queries.board import SessionBoard, ShownAnnouncement, ShownMaterial
from cohort_sessions.rich_text import inert_html, markdown_html, page_html
from cohort_sessions.web import moments
from cohort_sessions.web.wording import Badge, Tone

# Of those that are neither pinned nor unread, the newest stand open; the others are folded below.
_OPEN = 3


@dataclass(frozen=True, slots=True)
class AnnouncementLine:
    """
    An announcement as its readers meet it.

    Attributes:
        anchor: names it on its page.
        about: the course, or for the team that it is for everybody; else empty.
        when: since, from or until when, with ``<time>`` elements.
    """

    uuid: UUID
    anchor: str
    title: str
    text: SafeString
    about: str
    when: SafeString
    badges: tuple[Badge, ...]
    is_unread: bool

    @property
    def inert_text(self) -> SafeString:
        """Without links."""
        return inert_html(self.text)


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A link or file; `note` says which of them, and what to expect of it."""

    uuid: UUID
    title: str
    url: str
    note: str
    about: str


def worded_board(board: SessionBoard, *, code: str, on_team: bool) -> Mapping[str, object]:
    """What ``components/board.html`` and ``components/materials.html`` show, in the active time zone."""
    lines = [worded_announcement(each, on_team=on_team) for each in board.announcements]
    is_open = [each.is_pinned or each.is_unread for each in board.announcements]
    kept = {number for number, is_kept in enumerate(is_open) if is_kept}
    others = [number for number in range(len(lines)) if number not in kept]
    kept |= set(others[:_OPEN])
    return {
        "announcements": [line for number, line in enumerate(lines) if number in kept],
        "earlier_announcements": [line for number, line in enumerate(lines) if number not in kept],
        "unread": sum(line.is_unread for line in lines),
        "read_url": reverse("cohort_sessions:read_announcements", kwargs={"code": code}),
        "materials": [worded_material(each, code=code, on_team=on_team) for each in board.materials],
    }


def worded_announcement(each: ShownAnnouncement, *, on_team: bool) -> AnnouncementLine:
    """Word one of them, for its team or for the others."""
    return AnnouncementLine(
        uuid=each.uuid,
        anchor=f"cs-announcement-{each.uuid}",
        title=each.title,
        text=page_html(markdown_html(each.text)),
        about=_about(each, on_team=on_team),
        when=_when(each, on_team=on_team),
        badges=_badges(each, on_team=on_team),
        is_unread=each.is_unread,
    )


def worded_material(each: ShownMaterial, *, code: str, on_team: bool) -> MaterialLine:
    """Word one of them, for its team or for the others."""
    is_link = each.kind == MaterialKind.LINK
    fetched = {"code": code, "material": each.uuid}
    return MaterialLine(
        uuid=each.uuid,
        title=each.title,
        url=each.url if is_link else reverse("cohort_sessions:material_file", kwargs=fetched),
        note=_link_note(each.url) if is_link else _file_note(each),
        about=_about(each, on_team=on_team),
    )


def _about(each: ShownAnnouncement | ShownMaterial, *, on_team: bool) -> str:
    return each.course_title or (_("The whole session") if on_team else "")


def _when(each: ShownAnnouncement, *, on_team: bool) -> SafeString:
    begins = moments.exact(each.published_from)
    if each.publication == Publication.PLANNED:
        return format_html(_("From {begins}"), begins=begins)
    if each.published_to is None or not on_team:
        return begins
    return format_html(_("{begins}, until {ends}"), begins=begins, ends=moments.closing(each.published_to))


def _badges(each: ShownAnnouncement, *, on_team: bool) -> tuple[Badge, ...]:
    badges = []
    if each.is_unread:
        badges.append(Badge(_("New"), Tone.INFO))
    if each.publication == Publication.PLANNED:
        badges.append(Badge(_("Planned"), Tone.WARNING))
    if each.publication == Publication.PAST:
        badges.append(Badge(_("Past"), Tone.NEUTRAL))
    if each.is_pinned:
        badges.append(Badge(_("Pinned"), Tone.NEUTRAL))
    if on_team and each.mails:
        badges.append(_mail_badge(each))
    return tuple(badges)


def _mail_badge(each: ShownAnnouncement) -> Badge:
    if each.mailed_at is not None:
        return Badge(_("Told by mail"), Tone.SUCCESS)
    is_over = each.publication == Publication.PAST
    return Badge(_("Nobody was told by mail"), Tone.NEUTRAL) if is_over else Badge(_("By mail as well"), Tone.INFO)


def _link_note(url: str) -> str:
    return _("Link to %(host)s") % {"host": urlsplit(url).hostname}


def _file_note(each: ShownMaterial) -> str:
    ending = each.file_name.rpartition(".")[-1].upper()
    return _("%(kind)s file, %(size)s") % {"kind": ending, "size": filesizeformat(each.size)}
