"""Tests of the sandbox itself, and of the plugin inside it from end to end."""
