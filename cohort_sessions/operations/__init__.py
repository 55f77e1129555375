"""
Write side: one verb, one function.

Every operation takes `actor` and `now`, asks `permissions` itself, works in one transaction under the lock of its
session, leaves its reason in the history, and announces what changed once it has committed. Repeating an operation
is harmless. Operations never call operations.
"""
