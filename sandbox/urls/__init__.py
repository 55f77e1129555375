"""Addresses of the host, for each flavour, with those of the plugins it has loaded."""

from django.contrib.staticfiles.views import serve
from django.urls import re_path

# The sandbox has no web server in front of it.
static_files = [re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True})]
