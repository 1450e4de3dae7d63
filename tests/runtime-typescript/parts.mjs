/* The parts of a multipart body, as it came. */
import assert from "node:assert/strict";

export function partsOf({ headers, body }) {
	const boundary = /^multipart\/(?:form-data|mixed); boundary="?([^\s";]+)"?$/.exec(headers["content-type"])[1];
	const pieces = body.toString("latin1").split(`--${boundary}`);

	assert.match(pieces.at(-1), /^--(\r\n)?$/);
	return pieces.slice(1, -1).map((piece) => {
		const [, head, data] = /^\r\n([^]*?)\r\n\r\n([^]*)\r\n$/.exec(piece);
		const utf8 = Buffer.from(head, "latin1").toString("utf8");
		return {
			name: /; name="([^"]*)"/.exec(utf8)?.[1] ?? null,
			filename: /; filename="([^"]*)"/.exec(utf8)?.[1] ?? null,
			contentType: /^content-type: (.*)$/im.exec(utf8)?.[1] ?? null,
			bytes: Buffer.from(data, "latin1"),
		};
	});
}
