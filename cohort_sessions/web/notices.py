"""What a page tells on the next one, once: what a POST has done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from cohort_sessions.web.wording import Tone

_LEVELS = {
    Tone.NEUTRAL: messages.INFO,
    Tone.INFO: messages.INFO,
    Tone.SUCCESS: messages.SUCCESS,
    Tone.WARNING: messages.WARNING,
    Tone.DANGER: messages.ERROR,
}


def tell(request: HttpRequest, tone: Tone, sentence: str) -> None:
    """Show this sentence at the top of the next page of ours, through Django's messages; a host may show them too."""
    messages.add_message(request, _LEVELS[tone], sentence, extra_tags=f"cs-tone--{tone.value}")
