"""The people, browsers, courses and sessions of the tests."""

pytest_plugins = ["tests.conftest"]
