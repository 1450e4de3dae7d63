"""A handler as a person writes it."""

from smelt_runtime.result import Result
from smelt_runtime.runtime import Arguments, Call


async def handle(arguments: Arguments, call: Call) -> Result:
    return Result.text(f"bound {arguments['book']}")
