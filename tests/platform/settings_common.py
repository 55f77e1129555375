"""
What the LMS and Studio tests change alike in the platform's own test settings, so that they come close to production.
"""

from __future__ import annotations

CACHE_NAMES = (
    "default",
    "general",
    "mongo_metadata_inheritance",
    "loc_cache",
    "course_structure_cache",
    "course_index_cache",
)


def caches() -> dict:
    """
    Real caches under the platform's names: its tests run without any, and what is stale in production is not seen
    there.
    """
    return {
        name: {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": name,
            "KEY_FUNCTION": "common.djangoapps.util.memcache.safe_key",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
        for name in CACHE_NAMES
    }
