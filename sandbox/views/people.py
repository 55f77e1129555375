"""Signing in, which here is choosing whom to be."""

from __future__ import annotations

from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from sandbox.models import Persona

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My sessions for whoever is signed in; for anybody else the choice of a person."""
    return redirect("cohort_sessions:my_sessions" if request.user.is_authenticated else "sandbox:sign_in")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Choose a person. A POST with ``user_id``, or with ``username``, signs them in and goes on to ``next``."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        sent = request.POST
        whom = {"username": sent["username"]} if "username" in sent else {"pk": sent.get("user_id")}
        user = get_object_or_404(get_user_model(), **whom, is_active=True)
        login(request, user, backend=_BACKEND)
        return redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "sandbox:home")
    personas = Persona.objects.select_related("user")
    return render(request, "sandbox/sign_in.html", {"personas": personas, "next": target})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Be nobody again."""
    logout(request)
    return redirect("sandbox:sign_in")
