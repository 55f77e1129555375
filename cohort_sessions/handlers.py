"""Receivers of our own events."""
