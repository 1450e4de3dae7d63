import warnings
from typing import overload

import typing_extensions

__all__ = ["listed", "Listed", "old", "older", "oldest", "many"]


def listed(): ...


def unlisted(): ...


def _private(): ...


class Listed:
    def __init__(self): ...

    def method(self): ...

    def _inner(self): ...

    @property
    def value(self): ...


class _Hidden:
    def method(self): ...


@typing_extensions.deprecated("use listed")
def old(): ...


def older():
    """Do it.

    .. deprecated:: 2.0
    """


def oldest():
    warnings.warn("use listed", DeprecationWarning, stacklevel=2)


@overload
def many(x: int) -> int: ...
@overload
def many(x: str) -> str: ...
def many(x):
    def nested():
        pass
    return x


if listed:
    def listed(): ...
