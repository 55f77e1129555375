"""Write a mail to chosen members, and see what became of those that were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import LineOutcome
from cohort_sessions.operations.messages import message_members
from cohort_sessions.queries.messages import SentMessage, message_editions, own_messages
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.web import moments
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.acting import PeopleAction
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.wording import Badge, Tone


class MessageForm(PageForm):
    """What is written, and about what."""

    course = forms.TypedChoiceField(
        label=gettext_lazy("About"),
        required=False,
        coerce=UUID,
        empty_value=None,
        error_messages={
            "invalid_choice": gettext_lazy(
                "There is no such course among those that you teach. Choose one of the list."
            )
        },
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
        error_messages={"required": gettext_lazy("Write a subject.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy("Plain text; an empty line begins a new paragraph."),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    # Names the message, so that two clicks send one.
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None, *, editions: Sequence[ShownEdition], initial: Mapping):
        super().__init__(data, initial=initial)
        courses = [(str(each.uuid), each.title) for each in editions]
        self.fields["course"].choices = [("", _("The session")), *courses]

    def clean(self) -> dict:
        """Nobody can mend a name that they do not see: the message gets another."""
        if self.errors.pop("uuid", None):
            self.cleaned_data["uuid"] = None
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message that was sent. `sent` is a ``<time>`` element."""

    subject: str
    sent: SafeString
    badge: Badge
    how_many: str


class MessageView(PeopleAction):
    """
    Write to the members who were chosen.

    Query parameters: ``who`` (usernames, several times), and ``course``, the UUID of the edition it is about. Without
    anybody it only tells what became of what was written.
    """

    # Whose members, `message_editions` says.
    permission = permissions.VIEW_ROSTER
    template = "message.html"
    current = "results"
    title = gettext_lazy("Write to members")
    button = gettext_lazy("Send")

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """A form, and what was written before."""
        return self.ask(self.form())

    def render(self, **context) -> HttpResponse:
        """With what the actor wrote before."""
        written = own_messages(self.session, actor=self.actor)
        return super().render(
            **context, written=[_line(each) for each in written], people_url=address("people", self.session.code)
        )

    @cached_property
    def editions(self) -> tuple[ShownEdition, ...]:
        """The courses that it may be about."""
        return message_editions(self.session, actor=self.actor)

    def form(self, data: Mapping | None = None) -> MessageForm:
        """A new message, or what was sent."""
        initial = {"uuid": uuid4(), "course": self.request.GET.get("course", "")}
        return MessageForm(data, editions=self.editions, initial=initial)

    def lead(self) -> Sequence[str]:
        """What happens to it."""
        return (
            _("Each of them gets a mail of their own, with your name, and sees no other address than their own."),
            _("Who has no place in this session any more is left out."),
        )

    def act(self, form: MessageForm) -> list[LineOutcome]:
        """Send it."""
        chosen = form.cleaned_data
        return message_members(
            self.session,
            self.who,
            subject=chosen["subject"],
            text=chosen["text"],
            course=chosen["course"],
            uuid=chosen["uuid"],
            actor=self.actor,
            now=self.now,
        )

    def done(self, number: int) -> str:
        """So many get it."""
        return ngettext("Your message goes to %d member", "Your message goes to %d members", number) % number

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """What becomes of it stands below."""
        return address("message_members", self.session.code)


def _line(message: SentMessage) -> MessageLine:
    handed = message.recipients - message.waiting - message.failed
    how_many = ngettext(
        "Handed to the mailer for %(handed)d of %(all)d member.",
        "Handed to the mailer for %(handed)d of %(all)d members.",
        message.recipients,
    ) % {"handed": handed, "all": message.recipients}
    return MessageLine(message.subject, moments.exact(message.sent_at), _badge(message), how_many)


def _badge(message: SentMessage) -> Badge:
    if message.failed:
        words = ngettext("%d could not be sent yet", "%d could not be sent yet", message.failed)
        return Badge(words % message.failed, Tone.WARNING)
    return Badge(_("On its way"), Tone.INFO) if message.waiting else Badge(_("Sent"), Tone.SUCCESS)
