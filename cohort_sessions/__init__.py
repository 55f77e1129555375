"""Sessions for Open edX: scheduled editions of courses for one group of learners, without copying the course."""

__version__ = "0.1.0"
