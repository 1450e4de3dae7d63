/* An upstream over http or https: `answer(request)` gives {status, headers, json |
   text}, and whatever came is kept, with the certificate that the client showed. */
import { createServer } from "node:http";
import { createServer as createSecure } from "node:https";

export class Upstream {
	requests = [];
	connections = 0;

	static async start({ tls, answer = () => ({ json: { ok: true } }), host = "127.0.0.1" } = {}) {
		const upstream = new Upstream();
		const serve = (request, response) => upstream.#serve(request, response, answer);
		upstream.server = tls === undefined ? createServer(serve) : createSecure(tls, serve);
		upstream.server.on("connection", () => upstream.connections++);
		await new Promise((resolve) => upstream.server.listen(0, host, resolve));
		upstream.port = upstream.server.address().port;
		upstream.url = `${tls === undefined ? "http" : "https"}://${host}:${upstream.port}`;
		return upstream;
	}

	async #serve(request, response, answer) {
		const chunks = [];
		for await (const chunk of request)
			chunks.push(chunk);
		const got = {
			method: request.method,
			target: request.url,
			headers: request.headers,
			body: Buffer.concat(chunks).toString(),
			client: request.socket.getPeerCertificate?.()?.subject?.CN,
		};
		this.requests.push(got);
		const { status = 200, headers = {}, json, text = "" } = await answer(got);
		response.writeHead(status, { ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers });
		response.end(json === undefined ? text : JSON.stringify(json));
	}

	/* What came since the last time. */
	take() {
		return this.requests.splice(0);
	}

	stop() {
		this.server.closeAllConnections();
		this.server.close();
	}
}
