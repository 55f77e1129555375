"""Several writers at once, with real threads and commits; on a database that has row locks (`make test-mysql`)."""
