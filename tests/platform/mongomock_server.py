"""
Run the platform's tests on a machine that has no MongoDB server.

Everything edx-platform keeps outside its SQL database, which is to say course
structures, definitions and uploaded files, goes to MongoDB, and its test
settings expect a server to be listening. This module stands in for that server
when none answers: it replaces ``pymongo.MongoClient`` by a mongomock client.

All those clients read and write one shared store. The platform opens a new
connection for every modulestore it builds, and a course written through one of
them has to be visible through the others, as it is with a real server.

Where a server does answer, nothing is replaced and the tests use it.

There are two ways to switch it on, both early enough for the platform to be
imported afterwards:

* as a pytest plugin, ``pytest -p tests.platform.mongomock_server``;
* from a settings module or a conftest, by calling :func:`install`.

What mongomock cannot show is how often the platform calls the server: the
platform's ``check_mongo_calls`` counts calls on pymongo's own collections, so
tests that use it fail here.
"""

import os

import mongomock.gridfs
import mongomock.store
import pymongo
from pymongo.errors import ConnectionFailure

SHARED_STORE = mongomock.store.ServerStore()

# The environment variables, and their defaults, by which the platform's own
# test settings choose a server.
HOST_VARIABLE, DEFAULT_HOST = "EDXAPP_TEST_MONGO_HOST", "localhost"
PORT_VARIABLE, DEFAULT_PORT = "EDXAPP_TEST_MONGO_PORT", "27017"

PATIENCE_MS = 500

# The options of a real client that mean something to a mongomock one. The
# others, timeouts and write concerns for instance, are about the connection.
SUPPORTED_OPTIONS = frozenset({"document_class", "tz_aware", "read_preference"})


class MockClient(mongomock.MongoClient):
    """A client of the one shared store, whichever host it is asked to connect to."""

    def __init__(self, host=None, port=None, **options):
        supported = {name: value for name, value in options.items() if name in SUPPORTED_OPTIONS}
        super().__init__(host, port, _store=SHARED_STORE, **supported)


def install():
    """Replace MongoDB by mongomock, unless a server answers. Safe to call twice."""
    if pymongo.MongoClient is MockClient or server_answers():
        return
    mongomock.gridfs.enable_gridfs_integration()
    mongomock.Database.command = answer_ok
    pymongo.MongoClient = MockClient


def answer_ok(database, command, *args, **kwargs):
    """The answer of a healthy server to the commands the platform sends, "ping" and its kin."""
    return {"ok": 1.0}


def server_answers():
    """Whether a MongoDB server answers where the platform's tests would look for one."""
    host = os.environ.get(HOST_VARIABLE, DEFAULT_HOST)
    port = int(os.environ.get(PORT_VARIABLE, DEFAULT_PORT))
    with pymongo.MongoClient(host, port, serverSelectionTimeoutMS=PATIENCE_MS) as client:
        try:
            client.admin.command("ping")
        except ConnectionFailure:
            return False
    return True


def pytest_addoption():
    """Install at the earliest hook of a pytest plugin, before any settings are loaded."""
    install()
