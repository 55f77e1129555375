"""The lines of a session's history in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.data import BlockField, Lock, Tool
from cohort_sessions.queries.changes import ChangeKind, Deed, SessionChange
from cohort_sessions.queries.customisation import from_json
from cohort_sessions.web import moments
from cohort_sessions.web.manage.customise import FIELD_NAMES, value_words
from cohort_sessions.web.manage.dates_form import AFTER_CLOSE, CONDITIONS, JOINING, DatesForm
from cohort_sessions.web.manage.deadlines import POLICIES
from cohort_sessions.web.manage.elements_form import label_of
from cohort_sessions.web.manage.locks import LOCKS
from cohort_sessions.web.manage.member import FIELDS as MEMBER_FIELDS
from cohort_sessions.web.manage.member import STANDINGS, WISHES
from cohort_sessions.web.manage.settings_form import SettingsForm
from cohort_sessions.web.wording import ROLE_NAMES, STATUS_NAMES

_Words = Mapping[str, str | Promise]

KIND_NAMES = {
    ChangeKind.SESSION: gettext_lazy("The session itself"),
    ChangeKind.COURSES: gettext_lazy("Courses"),
    ChangeKind.MEMBERS: gettext_lazy("Members"),
    ChangeKind.INVITATIONS: gettext_lazy("Invitations"),
    ChangeKind.REQUESTS: gettext_lazy("Requests and waiting list"),
    ChangeKind.TEAM: gettext_lazy("Team"),
    ChangeKind.LOCKS: gettext_lazy("Locks"),
    ChangeKind.PREREQUISITES: gettext_lazy("Required sessions"),
    ChangeKind.MESSAGES: gettext_lazy("Messages to members"),
    ChangeKind.ANNOUNCEMENTS: gettext_lazy("Announcements"),
    ChangeKind.MATERIALS: gettext_lazy("Materials"),
    ChangeKind.RESULTS: gettext_lazy("Results"),
    ChangeKind.CONTENT: gettext_lazy("What is customised"),
    ChangeKind.WORDS: gettext_lazy("Texts and problems"),
    ChangeKind.TOOLS: gettext_lazy("Tools"),
    ChangeKind.GRADING: gettext_lazy("Grading"),
}

_DEEDS = {
    (ChangeKind.SESSION, Deed.ADDED): gettext_lazy("Session created"),
    (ChangeKind.SESSION, Deed.CHANGED): gettext_lazy("Session changed"),
    (ChangeKind.SESSION, Deed.REMOVED): gettext_lazy("Session deleted"),
    (ChangeKind.COURSES, Deed.ADDED): gettext_lazy("Course added"),
    (ChangeKind.COURSES, Deed.CHANGED): gettext_lazy("Course changed"),
    (ChangeKind.COURSES, Deed.REMOVED): gettext_lazy("Course removed"),
    (ChangeKind.MEMBERS, Deed.ADDED): gettext_lazy("Member added"),
    (ChangeKind.MEMBERS, Deed.CHANGED): gettext_lazy("Member changed"),
    (ChangeKind.MEMBERS, Deed.REMOVED): gettext_lazy("Member deleted"),
    (ChangeKind.INVITATIONS, Deed.ADDED): gettext_lazy("Address invited"),
    (ChangeKind.INVITATIONS, Deed.CHANGED): gettext_lazy("Invitation changed"),
    (ChangeKind.INVITATIONS, Deed.REMOVED): gettext_lazy("Invitation ended"),
    (ChangeKind.REQUESTS, Deed.ADDED): gettext_lazy("Request made"),
    (ChangeKind.REQUESTS, Deed.CHANGED): gettext_lazy("Request changed"),
    (ChangeKind.REQUESTS, Deed.REMOVED): gettext_lazy("Request ended"),
    (ChangeKind.TEAM, Deed.ADDED): gettext_lazy("Assigned to the team"),
    (ChangeKind.TEAM, Deed.CHANGED): gettext_lazy("Assignment changed"),
    (ChangeKind.TEAM, Deed.REMOVED): gettext_lazy("Removed from the team"),
    (ChangeKind.LOCKS, Deed.ADDED): gettext_lazy("Lock set"),
    (ChangeKind.LOCKS, Deed.CHANGED): gettext_lazy("Lock changed"),
    (ChangeKind.LOCKS, Deed.REMOVED): gettext_lazy("Lock released"),
    (ChangeKind.PREREQUISITES, Deed.ADDED): gettext_lazy("Required session added"),
    (ChangeKind.PREREQUISITES, Deed.CHANGED): gettext_lazy("Required session changed"),
    (ChangeKind.PREREQUISITES, Deed.REMOVED): gettext_lazy("Required session removed"),
    (ChangeKind.MESSAGES, Deed.ADDED): gettext_lazy("Message sent"),
    (ChangeKind.MESSAGES, Deed.CHANGED): gettext_lazy("Message changed"),
    (ChangeKind.MESSAGES, Deed.REMOVED): gettext_lazy("Message deleted"),
    (ChangeKind.ANNOUNCEMENTS, Deed.ADDED): gettext_lazy("Announcement written"),
    (ChangeKind.ANNOUNCEMENTS, Deed.CHANGED): gettext_lazy("Announcement changed"),
    (ChangeKind.ANNOUNCEMENTS, Deed.REMOVED): gettext_lazy("Announcement deleted"),
    (ChangeKind.MATERIALS, Deed.ADDED): gettext_lazy("Material added"),
    (ChangeKind.MATERIALS, Deed.CHANGED): gettext_lazy("Material changed"),
    (ChangeKind.MATERIALS, Deed.REMOVED): gettext_lazy("Material removed"),
    (ChangeKind.RESULTS, Deed.ADDED): gettext_lazy("Result added"),
    (ChangeKind.RESULTS, Deed.CHANGED): gettext_lazy("Result opened again"),
    (ChangeKind.RESULTS, Deed.REMOVED): gettext_lazy("Result deleted"),
    (ChangeKind.CONTENT, Deed.ADDED): gettext_lazy("Customised"),
    (ChangeKind.CONTENT, Deed.CHANGED): gettext_lazy("Customised anew"),
    (ChangeKind.CONTENT, Deed.REMOVED): gettext_lazy("As in the base course again"),
    (ChangeKind.WORDS, Deed.ADDED): gettext_lazy("Words of its own"),
    (ChangeKind.WORDS, Deed.CHANGED): gettext_lazy("Words changed"),
    (ChangeKind.WORDS, Deed.REMOVED): gettext_lazy("No words of its own any more"),
    (ChangeKind.TOOLS, Deed.ADDED): gettext_lazy("Tool shown or hidden"),
    (ChangeKind.TOOLS, Deed.CHANGED): gettext_lazy("Tool shown or hidden"),
    (ChangeKind.TOOLS, Deed.REMOVED): gettext_lazy("Tool as usual again"),
    (ChangeKind.GRADING, Deed.ADDED): gettext_lazy("Graded otherwise than the base course"),
    (ChangeKind.GRADING, Deed.CHANGED): gettext_lazy("Grading changed"),
    (ChangeKind.GRADING, Deed.REMOVED): gettext_lazy("Graded as the base course again"),
}

# What else is done to results, told by what has a value since.
_DECIDED = {
    "certificate_given_at": gettext_lazy("Certificate given"),
    "final_at": gettext_lazy("Result made final"),
}

_FIELDS = {
    **{name: field.label for form in (SettingsForm, DatesForm) for name, field in form.base_fields.items()},
    **MEMBER_FIELDS,
    "code": gettext_lazy("Code"),
    "status": gettext_lazy("Status"),
    "cancel_reason": gettext_lazy("Reason of the cancellation"),
    "position": gettext_lazy("Position"),
    "deadlines": gettext_lazy("Deadlines"),
    "withdrawn_at": gettext_lazy("Withdrawn"),
    "offer_expires_at": gettext_lazy("Offered until"),
    "expires_at": gettext_lazy("Holds until"),
    "reason": gettext_lazy("Reason given"),
    "condition": gettext_lazy("Must be"),
    "subject": gettext_lazy("Subject"),
    "recipients": gettext_lazy("To how many members"),
    "final_at": gettext_lazy("Final since"),
    "certificate_given_at": gettext_lazy("Certificate"),
    "value": gettext_lazy("In this session"),
    "text": gettext_lazy("Text"),
    "is_pinned": gettext_lazy("Pinned"),
    "published_from": gettext_lazy("Published from"),
    "published_to": gettext_lazy("Published until"),
    "mails": gettext_lazy("By mail as well"),
    "mailed_at": gettext_lazy("Told by mail"),
    "url": gettext_lazy("Address"),
    "file_name": gettext_lazy("File"),
    "is_shown": gettext_lazy("Learners have it"),
    "pass_line": gettext_lazy("Passing line"),
    "assignments": gettext_lazy("Weights and drops"),
}

# What is called otherwise of one kind: a session's dates are its own, those of a member depart from it.
_FIELDS_OF: Mapping[ChangeKind, _Words] = {
    ChangeKind.SESSION: {name: DatesForm.base_fields[name].label for name in ("opens_at", "closes_at")},
    ChangeKind.WORDS: {"text": gettext_lazy("Welcome")},
}

_VALUES: Mapping[str, _Words] = {
    "after_close": AFTER_CLOSE,
    "joining": JOINING,
    "condition": CONDITIONS,
    "deadlines": {policy: name for policy, (name, _meaning) in POLICIES.items()},
}

_STANDINGS: Mapping[ChangeKind, _Words] = {
    ChangeKind.SESSION: STATUS_NAMES,
    ChangeKind.MEMBERS: STANDINGS,
    ChangeKind.REQUESTS: WISHES,
}

# The end of a window reads as its last day.
_CLOSINGS = frozenset({"closes_at", "team_closes_at", "enrolment_closes_at", "published_to"})

_TOOLS: _Words = {
    Tool.PROGRESS: gettext_lazy("Progress"),
    Tool.DATES: gettext_lazy("Dates"),
    Tool.DISCUSSION: gettext_lazy("Discussion"),
    Tool.WIKI: gettext_lazy("Wiki"),
    Tool.NOTES: gettext_lazy("Notes"),
    Tool.TEXTBOOKS: gettext_lazy("Textbooks"),
    Tool.TEAMS: gettext_lazy("Teams"),
    Tool.HANDOUTS: gettext_lazy("Course handouts"),
    Tool.UPDATES: gettext_lazy("Course updates"),
}
# What an author adds: "page:reading".
_BESIDE_TOOLS = {"page": gettext_lazy("Page: %(name)s"), "link": gettext_lazy("Link: %(name)s")}

_NUMBERS: Mapping[str, Callable[[Any], str]] = {
    "position": lambda value: str(value + 1),
    "pass_line": lambda value: _("%(percent)s%%") % {"percent": f"{round(100 * value, 4):g}"},
}

# Texts too long for a line, and formatted: that they changed says enough.
_LONG = frozenset({"description", "text", "assignments"})
# Of texts of blocks only short ones are told.
_SHORT = 80

# What is new is named by its title already.
_NAMED_BY_TITLE = frozenset({ChangeKind.ANNOUNCEMENTS, ChangeKind.MATERIALS})


def _block(subject: str) -> str:
    """What a block has otherwise, and which block: "Name: section_1"."""
    name, _space, key = subject.partition(" ")
    return _("%(field)s: %(block)s") % {
        "field": FIELD_NAMES[BlockField(name)],
        "block": UsageKey.from_string(key).block_id,
    }


def _element(subject: str) -> str:
    """What an element has otherwise, and which: "Attempts: question_1"; or the title of the course welcomed to."""
    name, _space, key = subject.partition(" ")
    try:
        usage_key = UsageKey.from_string(key)
    except InvalidKeyError:
        return subject
    return _("%(field)s: %(block)s") % {
        "field": label_of(usage_key.block_type, name) or name,
        "block": usage_key.block_id,
    }


def _tool(subject: str) -> str:
    """A tool as people call it; of pages and links what tells them apart, of tools of other hosts their name there."""
    kind, colon, name = subject.partition(":")
    if colon and kind in _BESIDE_TOOLS:
        return str(_BESIDE_TOOLS[kind]) % {"name": name}
    return str(_TOOLS.get(subject, subject))


_SUBJECTS: Mapping[ChangeKind, Callable[[str], str]] = {
    ChangeKind.LOCKS: lambda subject: str(LOCKS[Lock(subject)][0]),
    ChangeKind.CONTENT: _block,
    ChangeKind.WORDS: _element,
    ChangeKind.TOOLS: _tool,
}


def deed(change: SessionChange) -> str:
    """What was done."""
    if change.kind == ChangeKind.RESULTS:
        for name, words in _DECIDED.items():
            if change.after.get(name):
                return str(words)
    return str(_DEEDS[change.kind, change.deed])


def concerned(change: SessionChange) -> SafeString:
    """Whom or what it concerns, with the role where there is one; empty: the session itself, or no name is kept."""
    subject = _SUBJECTS[change.kind](change.subject) if change.kind in _SUBJECTS else change.subject
    parts = [
        *([change.person.name] if change.person else []),
        *([str(ROLE_NAMES[change.role])] if change.role else []),
        *([subject] if subject else []),
    ]
    return format_html("<bdi>{}</bdi>", _(", ").join(parts)) if parts else SafeString("")


def details(change: SessionChange) -> list[SafeString]:
    """Each value that became another, as "label: before → after"; of what is new only what it is."""
    if change.kind == ChangeKind.CONTENT and change.deed != Deed.REMOVED:
        return [format_html(_("{what}: {after}"), what=_FIELDS["value"], after=_customised(change))]
    if change.kind == ChangeKind.WORDS and change.deed == Deed.ADDED and not change.after:
        # Nothing, such as no limit of attempts, where the base course says something.
        return [format_html(_("{what}: {after}"), what=_FIELDS["value"], after=_("none"))]
    is_named = change.kind in _NAMED_BY_TITLE and change.deed == Deed.ADDED
    return [_detail(change, name) for name in change.after if not (is_named and name in {"title", "text"})]


def _customised(change: SessionChange) -> SafeString | str:
    """What a block has by now; no deadline is a value as well."""
    name = BlockField(change.subject.partition(" ")[0])
    return value_words(name, from_json(name, change.after.get("value")))


def _detail(change: SessionChange, name: str) -> SafeString:
    label = _FIELDS_OF.get(change.kind, {}).get(name) or _FIELDS[name]
    values = (change.before[name], change.after[name])
    if name in _LONG or (change.kind == ChangeKind.WORDS and any(len(str(value)) > _SHORT for value in values)):
        return format_html(_("{what}: written anew"), what=label)
    after = _value(change, name, change.after[name])
    if change.deed == Deed.ADDED:
        return format_html(_("{what}: {after}"), what=label, after=after)
    before = _value(change, name, change.before[name])
    return format_html(_("{what}: {before} → {after}"), what=label, before=before, after=after)


def _value(change: SessionChange, name: str, value: Any) -> str:
    if value is None or value == "":
        return _("none")
    if name == "status":
        return str(_STANDINGS[change.kind][value])
    if name in _VALUES:
        return str(_VALUES[name][value])
    if name in _NUMBERS:
        return _NUMBERS[name](value)
    if name in _CLOSINGS:
        return moments.closing(value)
    if name.endswith("_at") or name == "published_from":
        return moments.opening(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return format_html("<bdi>{}</bdi>", value)
