"""Two hosts in one process."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def studio_has_its_own_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """
    Requests under ``/studio/`` see Studio's addresses only, so that a plugin's names mean there what they mean in
    Studio.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/studio/"):
            request.urlconf = "sandbox.urls.studio"
        return get_response(request)

    return middleware
