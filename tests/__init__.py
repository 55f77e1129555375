"""Tests of cohort_sessions."""
