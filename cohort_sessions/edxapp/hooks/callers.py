"""Who is asking: the person whom the view itself would recognise, found out before the view does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Caller:
    """
    A person as the guard needs them.

    Attributes:
        user_id: ``None`` for nobody, and for somebody whose credentials were not accepted.
    """

    user_id: int | None = None
    is_platform_admin: bool = False


class _Question(Request):
    """
    A request as authentication classes see it, whose form is read by Django.

    The check for forged requests looks for its token in the form. REST framework would parse the body for that, with
    the parsers of a view that nobody has called yet; what Django has read, the view can read again.
    """

    @property
    def POST(self) -> QueryDict:  # noqa: N802 (Django's name)
        """The form, empty where the body is none."""
        return self._request.POST


def api_view(view: Callable) -> type[APIView] | None:
    """The REST framework view behind a view function, through whatever decorates it; ``None`` when there is none."""
    for name in ("cls", "view_class"):
        candidate = getattr(view, name, None)
        if isinstance(candidate, type) and issubclass(candidate, APIView):
            return candidate
    return None


def recognises_people(view: Callable) -> bool:
    """Whether anybody can be somebody to this view: an API without authentication knows nobody, signed in or not."""
    api = api_view(view)
    return api is None or bool(api.authentication_classes)


def identify(request: HttpRequest, view: Callable) -> Caller:
    """
    Find out who is asking, by the same means as the view.

    A REST framework view recognises its callers by its own authentication classes, only after all middleware: a JWT or
    Bearer token in the header, and a session only if the class that reads sessions is among them. Other views know the
    session's user; a few accept a token besides, where nobody is signed in. Whoever is refused there is nobody here:
    the guard fails closed. The request is left as it came, for the view to ask again.
    """
    api = api_view(view)
    if api is None and (request.user.is_authenticated or "HTTP_AUTHORIZATION" not in request.META):
        return _caller(request.user)
    classes = _token_classes() if api is None else api.authentication_classes
    signed_in = request.user
    try:
        return _caller(_Question(request, authenticators=[authentication() for authentication in classes]).user)
    except APIException:
        return Caller()
    finally:
        request.user = signed_in


def _caller(user) -> Caller:
    if not user.is_authenticated:
        return Caller()
    return Caller(user.pk, user.is_staff or user.is_superuser)


def _token_classes() -> tuple[type, ...]:
    """What the platform's view for XBlock handlers accepts, and every other view of its kind."""
    from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication
    from openedx.core.lib.api.authentication import BearerAuthenticationAllowInactiveUser

    return JwtAuthentication, BearerAuthenticationAllowInactiveUser
