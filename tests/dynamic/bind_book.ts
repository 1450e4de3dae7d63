import type { Arguments, Result } from "../runtime/types.js";

/* A handler as a person writes it. */
export async function handle(arguments_: Arguments): Promise<Result> {
	return { content: [{ type: "text", text: `bound ${String(arguments_["book"])}` }] };
}
