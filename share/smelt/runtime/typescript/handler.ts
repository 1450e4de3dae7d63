import type { Arguments, Call, Result } from "../runtime/types.js";

/* The tool of this file's name. Yours to edit: regenerating merges the edits.
   `arguments_` has passed the tool's inputSchema; `call` sends the bound
   request, and may be given other arguments or be left out. */
export async function handle(arguments_: Arguments, call: Call): Promise<Result> {
	return call(arguments_);
}
