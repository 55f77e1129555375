"""
The REST API: what the pages show, for front ends and programs.

Errors are RFC 9457 problems, made in one place (`problems`). Queries decide who may see what; what a person may not see
is absent, or not found, never forbidden.
"""
