"""Files that a client names instead of sending: beneath one directory that the
operator allowed (SMELT_UPLOAD_DIR), regular files only, up to a limit a call.

The directory is opened once a file; each further part of a path is opened in the
one before, never through a symbolic link, so what is checked is what is read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from typing import Any

from .problem import Refused

LONGEST = 4096
# Gives the content and the name of a file; raises Refused, naming the argument.
Read = Callable[[str, Any], tuple[bytes, str]]

TYPES = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "gz": "application/gzip",
    "htm": "text/html",
    "html": "text/html",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "md": "text/markdown",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "zip": "application/zip",
}


def media_type(name: str) -> str | None:
    return TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None


class Uploads:
    def __init__(self, folder: str | None, most: int) -> None:
        self._folder = folder
        self._most = most

    def reader(self) -> Read:
        """For the files of one call, which have the limit in common."""
        left = self._most

        def read(argument: str, path: Any) -> tuple[bytes, str]:
            nonlocal left
            parts = _parts(path)
            if self._folder is None:
                raise _refused(argument, "files are not allowed here: SMELT_UPLOAD_DIR is not set")
            if parts is None:
                raise _refused(argument, "its path is not a relative path of plain names")
            try:
                content = _read(self._folder, parts, left)
            except OSError as fault:
                raise _refused(argument, _why(fault)) from None
            if len(content) > left:
                raise _refused(argument, f"more than {self._most} bytes of files")
            left -= len(content)
            return content, parts[-1]

        return read


def refuse(argument: str, path: Any) -> tuple[bytes, str]:
    return Uploads(None, 0).reader()(argument, path)


def _refused(argument: str, why: str) -> Refused:
    return Refused(f"argument '{argument}': {why}")


def _why(fault: OSError) -> str:
    if fault.errno in (errno.ELOOP, errno.EMLINK):
        return "its path leads through a symbolic link"
    if fault.errno in (errno.ENOENT, errno.ENOTDIR):
        return "there is no such file in the upload directory"
    if fault.errno == errno.EISDIR:
        return "it is not a regular file"
    return "the file can not be read"


def _parts(path: Any) -> list[str] | None:
    if not isinstance(path, str) or len(path) > LONGEST or not path.isprintable() or "\\" in path:
        return None
    parts = path.split("/")
    return None if any(part in ("", ".", "..") for part in parts) else parts


def _read(folder: str, parts: list[str], most: int) -> bytes:
    """Up to one byte more than most."""
    *folders, name = parts
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folders:
            # O_DIRECTORY on a link says ENOTDIR, which would hide the reason.
            if stat.S_ISLNK(os.stat(part, dir_fd=at, follow_symlinks=False).st_mode):
                raise OSError(errno.ELOOP, "link")
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            below = os.open(part, flags, dir_fd=at)
            os.close(at)
            at = below
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(name, flags, dir_fd=at)
    finally:
        os.close(at)
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EISDIR, "not regular")
        return opened.read(most + 1)
