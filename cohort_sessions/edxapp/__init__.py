"""Everything that knows edx-platform. Nobody imports this package: it is reached by dotted string."""
