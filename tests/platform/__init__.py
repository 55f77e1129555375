"""What is true on the real edx-platform only; run by `make test-platform`, in the LMS, and `studio/` in Studio."""
