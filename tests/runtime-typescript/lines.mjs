/* The lines of a stream, ended by \n alone: readline may take U+2028 for an end. */
export async function* linesOf(stream) {
	let rest = "";

	stream.setEncoding("utf8");
	for await (const chunk of stream) {
		const lines = (rest + chunk).split("\n");
		rest = lines.pop();
		yield* lines;
	}
}
