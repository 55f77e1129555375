"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest


def host(request: HttpRequest) -> dict[str, object]:
    """The host's name, and in which of its two halves the reader is."""
    urlconf = getattr(request, "urlconf", None) or settings.ROOT_URLCONF
    return {"platform_name": settings.PLATFORM_NAME, "in_studio": urlconf == "sandbox.urls.studio"}
