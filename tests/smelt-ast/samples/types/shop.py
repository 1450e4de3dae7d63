"""Types in all the ways that python writes them."""

from __future__ import annotations

import datetime as dt
import typing as t
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum, auto
from pathlib import Path
from typing import Annotated, Any, Dict, List, Literal, NewType, Optional
from typing import NamedTuple, TypedDict, Union
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import NotRequired

from . import shapes
from .shapes import Point as P

Price = Decimal
ItemId = NewType("ItemId", int)
Ids = Optional[List["ItemId"]]


class Size(Enum):
    """How big a thing is."""

    SMALL = "s"
    LARGE = "l"


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()


class Mood(StrEnum):
    happy = auto()
    sad = auto()


@dataclass
class Base:
    """What all things have.

    Attributes:
        name: What people call it.
    """

    name: str
    weight: float = 0.5


@dataclass(frozen=True)
class Thing(Base):
    size: Size = Size.SMALL
    tags: list[str] = field(default_factory=list)
    parent: Optional["Thing"] = None
    _hidden: int = 0
    KIND: t.ClassVar[str] = "thing"


class Order(BaseModel):
    """An order."""

    id: ItemId
    things: list[Thing] = Field(min_length=1, max_length=9, description="what")
    price: Price = Field(gt=0, le=100.5)
    note: str | None = None
    when: dt.datetime


class Options(TypedDict, total=False):
    fast: bool
    depth: NotRequired[int]


class Pair(NamedTuple):
    left: int
    right: str = "r"


class Plain:
    def __init__(self, x: int):
        self.x = x


def basics(a: int, b: float, c: str, d: bool, e: bytes, f: None, g: Any,
           h: object):
    """No results."""


def containers(a: list, b: List[int], c: dict[str, float], d: set[str],
               e: tuple[int, str], f: tuple[int, ...], g: t.Sequence[P],
               h: Dict[str, List[Optional[int]]]) -> list[dict[str, Any]]:
    return []


def unions(a: Optional[int], b: Union[int, str, None], c: int | str,
           d: Literal["x", "y"], e: Literal[1, "x", None], f: Ids) -> "Order":
    ...


def formats(a: dt.date, b: UUID, c: Path, d: dt.timedelta, e: Price,
            f: ItemId, g: shapes.Circle) -> dt.datetime:
    ...


def limits(a: Annotated[int, Field(ge=1, lt=10)],
           b: Annotated[str, "a word"] = "w",
           c: Annotated[list[int], Field(max_length=3)] = []) -> None:
    ...


def defaults(a=1, b=2.5, c="x", d=True, e=None, f=(1, 2), g={"k": [1]},
             h=-1, i=0x10, j=Path("."), *, k, l: int = 1_000):
    ...


def kinds(a, b, /, c, *args: int, d: str = "q", **rest: bool) -> Thing:
    ...


def records(a: Thing, b: Options, c: Pair, d: Level, e: Mood,
            f: Plain) -> Order:
    ...


def unknown(a: Missing, b: shapes.Nothing, c: "not a type at all") -> Missing:
    ...


async def later(*, n: int) -> t.AsyncIterator[str]:
    yield ""
