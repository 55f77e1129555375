"""Files that nobody is served but by those who may."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage


class FilesMixin:
    """The part of `Host` about files."""

    def private_storage(self) -> Storage:
        """A folder that has no address."""
        return FileSystemStorage(settings.SANDBOX_PRIVATE_ROOT)
