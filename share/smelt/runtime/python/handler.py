"""The tool of this file's name. Yours to edit: regenerating merges the edits.

arguments have passed the tool's inputSchema; call sends the bound request, and
may be given other arguments or be left out."""

from smelt_runtime.runtime import Arguments, Call, Result


async def handle(arguments: Arguments, call: Call) -> Result:
    return await call(arguments)
