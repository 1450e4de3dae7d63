/* document.mjs: a document with every naughty string in four places. */
import { strings } from "./list.mjs";

const responses = { 204: { description: "Done" } };
const query = (schema) => [{ name: "p", in: "query", schema: { type: "string", ...schema } }];
const paths = {};

for (const [i, string] of strings.entries()) {
	paths[`/a/${i}`] = { get: { operationId: `summary_${i}`, summary: string,
		parameters: query({ enum: [string, "another"] }), responses } };
	paths[`/b/${i}`] = { get: { operationId: `description_${i}`, description: string,
		parameters: query({ default: string }), responses } };
}
console.log(JSON.stringify({
	openapi: "3.1.0", info: { title: "Naughty", version: "1" },
	servers: [{ url: "https://api.example" }], paths,
}));
