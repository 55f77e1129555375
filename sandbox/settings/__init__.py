"""Settings of the sandbox, one module for each flavour of host: `lms` and `studio`."""
