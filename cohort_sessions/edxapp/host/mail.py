"""Mail, through edx-ace, on the platform's own letterhead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from crum import get_current_request, set_current_request
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.sites.models import Site
from django.utils.translation import get_language
from edx_ace import ace
from edx_ace.recipient import Recipient
from openedx.core.djangoapps.ace_common.message import BaseMessageType
from openedx.core.djangoapps.ace_common.template_context import get_base_template_context
from openedx.core.lib.celery.task_utils import emulate_http_request

from cohort_sessions.host import Letter


class SessionLetter(BaseMessageType):
    """
    Something that happened to a person's place in a session. Its templates stand in
    ``cohort_sessions/edx_ace/sessionletter/``.
    """

    APP_LABEL = "cohort_sessions"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Not an advertisement: it goes to people who opted out of those as well.
        self.options["transactional"] = True


def send(user_id: int, letter: Letter) -> None:
    """
    Hand the letter to the platform's mail channel, in the active language.

    The platform's letterhead is made for a request, so one is emulated, as the platform's own mail tasks do. What
    becomes of it later is edx-ace's to say: it repeats what can be repeated and logs the rest.
    """
    user = get_user_model().objects.get(pk=user_id)
    _send(Recipient(lms_user_id=user.pk, email_address=user.email), user, letter)


def send_to(address: str, letter: Letter) -> None:
    """The same to whoever reads at this address; 0 is how the platform itself writes to people without an account."""
    _send(Recipient(lms_user_id=0, email_address=address), AnonymousUser(), letter)


def _send(recipient: Recipient, reader: AbstractUser | AnonymousUser, letter: Letter) -> None:
    site = Site.objects.get_current()
    with _without_request(), emulate_http_request(site, reader):
        message = SessionLetter().personalize(
            recipient=recipient,
            language=get_language() or settings.LANGUAGE_CODE,
            user_context={
                **get_base_template_context(site),
                "letter": {
                    "subject": letter.subject,
                    "paragraphs": letter.paragraphs,
                    "html": letter.html,
                    "link": f"{settings.LMS_ROOT_URL}{letter.link_path}",
                    "link_label": letter.link_label,
                },
            },
        )
        ace.send(message)


@contextmanager
def _without_request() -> Iterator[None]:
    """
    Hide the request that is being answered, where there is one: the emulation would make its reader that request's
    user, and whoever asked would be signed out.
    """
    request = get_current_request()
    set_current_request(None)
    try:
        yield
    finally:
        set_current_request(request)
