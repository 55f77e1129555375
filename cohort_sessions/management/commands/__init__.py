"""Management commands: doors for operators."""
