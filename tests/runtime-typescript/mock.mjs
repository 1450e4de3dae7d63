/* An upstream that answers what it is told and remembers what it was asked. */
import { createServer } from "node:http";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";

const MOST = 64 << 20;
const encoders = { gzip: gzipSync, deflate: deflateSync, "raw-deflate": deflateRawSync };

function bodyOf(answer) {
	if (answer.repeat !== undefined)
		return Buffer.from(answer.repeat.text.repeat(answer.repeat.times));
	if (answer.base64 !== undefined)
		return Buffer.from(answer.base64, "base64");
	if (answer.json !== undefined)
		return Buffer.from(JSON.stringify(answer.json));
	return Buffer.from(answer.text ?? "");
}

/* {now+5} is the HTTP date of five seconds from now. */
function dated(text) {
	return text.replace(/\{now([+-]\d+)\}/g, (_, seconds) => new Date(Date.now() + seconds * 1000).toUTCString());
}

function headersOf(answer) {
	const headers = {
		...(answer.json === undefined ? {} : { "content-type": "application/json" }),
		...(answer.encode === undefined ? {} : { "content-encoding": answer.encode.replace("raw-", "") }),
		...answer.headers,
	};
	for (const [name, value] of Object.entries(headers))
		headers[name] = Array.isArray(value) ? value.map(dated) : dated(value);
	return headers;
}

export class Mock {
	requests = [];
	answers = [];
	/* requests in hand at one time, ever; clients that went away before their
	   answer's end; connections, ever */
	most = 0;
	left = 0;
	connections = 0;
	#now = 0;

	static async start() {
		const mock = new Mock();
		mock.server = createServer((request, response) => mock.serve(request, response));
		mock.server.on("connection", () => mock.connections++);
		await new Promise((resolve) => mock.server.listen(0, "127.0.0.1", resolve));
		mock.url = `http://127.0.0.1:${mock.server.address().port}`;
		return mock;
	}

	expect(answers) {
		this.requests = [];
		this.answers = [...answers];
		this.most = 0;
		this.left = 0;
	}

	async serve(request, response) {
		const chunks = [];
		for await (const chunk of request)
			chunks.push(chunk);
		this.requests.push({
			method: request.method,
			target: request.url,
			headers: request.headers,
			rawHeaders: request.rawHeaders,
			body: Buffer.concat(chunks),
		});
		this.most = Math.max(this.most, ++this.#now);
		response.on("close", () => {
			this.#now--;
			if (!response.writableFinished && !response.over)
				this.left++;
		});
		await this.#reply(request, response, this.answers.shift() ?? { json: {} });
	}

	async #reply(request, response, answer) {
		if (answer.delayMs !== undefined)
			await new Promise((resolve) => setTimeout(resolve, answer.delayMs).unref());
		if (response.destroyed)
			return;
		if (answer.close) {
			response.over = true;
			request.socket.destroy();
		} else if (answer.raw !== undefined) {
			response.over = !answer.hold;
			request.socket.write(dated(answer.raw), "latin1");
			if (!answer.hold)
				request.socket.end();
		} else if (answer.chunks !== undefined) {
			await this.#stream(request, response, answer);
		} else {
			const body = bodyOf(answer);
			response.writeHead(answer.status ?? 200, headersOf(answer));
			response.end(answer.encode === undefined ? body : encoders[answer.encode](body));
		}
	}

	async #stream(request, response, answer) {
		const closed = new Promise((resolve) => response.once("close", resolve));
		const write = (bytes) => Promise.race([closed, new Promise((resolve) => response.write(bytes, resolve))]);
		let last;

		response.writeHead(answer.status ?? 200, headersOf(answer));
		response.flushHeaders();
		for (const chunk of answer.chunks) {
			if (chunk.delayMs !== undefined)
				await new Promise((resolve) => setTimeout(resolve, chunk.delayMs).unref());
			if (response.destroyed)
				return;
			await write(last = bodyOf(chunk));
		}
		for (let sent = 0; answer.end === "endless" && sent < MOST && !response.destroyed; sent += last.length)
			await write(last);
		if (answer.end === undefined)
			response.end();
		else if (answer.end === "close") {
			response.over = true;
			request.socket.destroy();
		}
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}
}
