/* An upstream that answers what it is told and remembers what it was asked. */
import { createServer } from "node:http";

function bodyOf(answer) {
	if (answer.repeat !== undefined)
		return Buffer.from(answer.repeat.text.repeat(answer.repeat.times));
	if (answer.base64 !== undefined)
		return Buffer.from(answer.base64, "base64");
	if (answer.json !== undefined)
		return Buffer.from(JSON.stringify(answer.json));
	return Buffer.from(answer.text ?? "");
}

export class Mock {
	requests = [];
	answers = [];

	static async start() {
		const mock = new Mock();
		mock.server = createServer((request, response) => mock.serve(request, response));
		await new Promise((resolve) => mock.server.listen(0, "127.0.0.1", resolve));
		mock.url = `http://127.0.0.1:${mock.server.address().port}`;
		return mock;
	}

	expect(answers) {
		this.requests = [];
		this.answers = [...answers];
	}

	async serve(request, response) {
		const chunks = [];
		for await (const chunk of request)
			chunks.push(chunk);
		this.requests.push({
			method: request.method,
			target: request.url,
			headers: request.headers,
			body: Buffer.concat(chunks),
		});
		const answer = this.answers.shift() ?? { json: {} };
		if (answer.delayMs !== undefined)
			await new Promise((resolve) => setTimeout(resolve, answer.delayMs).unref());
		if (answer.close)
			return void request.socket.destroy();
		const headers = answer.json === undefined ? {} : { "content-type": "application/json" };
		response.writeHead(answer.status ?? 200, { ...headers, ...answer.headers });
		response.end(bodyOf(answer));
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}
}
