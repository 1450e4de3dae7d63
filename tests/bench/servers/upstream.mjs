/* An upstream that always answers the same JSON; prints its port. */
import { createServer } from "node:http";

const body = JSON.stringify({ id: 7, name: "a thing", tags: ["one", "two"], size: 1.5 });

const server = createServer((request, response) => {
	request.resume();
	response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
	response.end(body);
});
server.keepAliveTimeout = 600000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
