/* several.mjs PYTHON TYPESCRIPT: the servers of two documents that share every
   name, each with an upstream of its own: what is meant for one never goes to
   the other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Mock } from "../runtime-typescript/mock.mjs";
import { Server } from "../runtime-typescript/stdio.mjs";
import { done, test } from "../runtime-typescript/tap.mjs";

const [python, typescript] = process.argv.slice(2);
const orders = await Mock.start();
const stock = await Mock.start();
const both = { SMELT_BASE_URL_ORDERS: `${orders.url}/o`, SMELT_BASE_URL_STOCK: `${stock.url}/s` };
const keys = { SHOP_ORDERS_KEY_TOKEN: "token-of-orders", SHOP_STOCK_KEY_TOKEN: "token-of-stock" };

const programs = {
	python: (env) => new Server(join(python, "server.py"), env, [], "python"),
	typescript: (env) => new Server(join(typescript, "dist/server.js"), env),
};

function expect(answers = {}) {
	orders.expect(answers.orders ?? []);
	stock.expect(answers.stock ?? []);
}

async function served(start, env, work) {
	const server = start({ SMELT_LOG: "off", ...env });

	try {
		await server.initialize();
		return await work(async (name) => {
			const { result } = await server.request("tools/call", { name, arguments: {} });
			assert.ok(result, name);
			return { ...result, text: result.content.map((block) => block.text ?? "").join("\n") };
		}, server);
	} finally {
		await server.stop();
	}
}

/* no header, target or body of a request says a word of the other's */
function clean(mock, secret) {
	for (const request of mock.requests)
		assert.ok(!`${request.rawHeaders} ${request.target} ${request.body}`.includes(secret), "the other's secret");
}

for (const [target, start] of Object.entries(programs)) {
	await test(`${target}: each document has its own address and credential`, () =>
		served(start, { ...both, ...keys }, async (call) => {
			expect({ orders: [{ json: ["a"] }], stock: [{ json: [1] }] });
			const first = await call("orders_list_items");
			assert.equal(first.isError ?? false, false, first.text);
			assert.equal(stock.requests.length, 0);
			const second = await call("stock_list_items");
			assert.equal(second.isError ?? false, false, second.text);
			assert.deepEqual(orders.requests.map(({ target, headers }) => [target, headers.authorization]),
				[["/o/items", "Bearer token-of-orders"]]);
			assert.deepEqual(stock.requests.map(({ target, headers }) => [target, headers.authorization]),
				[["/s/items", "Bearer token-of-stock"]]);
			clean(orders, "token-of-stock");
			clean(stock, "token-of-orders");
		}));

	await test(`${target}: a credential of one document is none of the other`, () =>
		served(start, { ...both, SHOP_ORDERS_KEY_TOKEN: "token-of-orders", SHOP_KEY_TOKEN: "token-of-orders" },
			async (call) => {
				expect();
				const result = await call("stock_list_items");
				assert.equal(result.isError, true);
				assert.match(result.text, /SHOP_STOCK_KEY_TOKEN/);
				assert.ok(!result.text.includes("SHOP_ORDERS"), result.text);
				assert.equal(stock.requests.length + orders.requests.length, 0);
			}));

	await test(`${target}: a redirect from one to the other is not followed`, () =>
		served(start, { ...both, ...keys }, async (call) => {
			expect({ orders: [{ status: 302, headers: { location: `${stock.url}/s/items` } }] });
			const result = await call("orders_list_items");
			assert.equal(result.isError, true, result.text);
			assert.equal(orders.requests.length, 1);
			assert.equal(stock.requests.length, 0);
		}));

	await test(`${target}: a token is fetched at the document's own address`, () =>
		served(start, { ...both, ...keys, SHOP_ORDERS_LOGIN_CLIENT_ID: "id", SHOP_ORDERS_LOGIN_CLIENT_SECRET: "hush" },
			async (call) => {
				expect({ orders: [{ json: { access_token: "fresh", token_type: "bearer" } }] });
				const result = await call("fetched");
				assert.equal(result.isError ?? false, false, result.text);
				assert.deepEqual(orders.requests.map(({ target }) => target), ["/token-of-orders", "/o/token"]);
				assert.equal(orders.requests[1].headers.authorization, "Bearer fresh");
				assert.equal(stock.requests.length, 0);
			}));

	await test(`${target}: one address for all is refused at start`, async () => {
		const server = start({ ...both, ...keys, SMELT_BASE_URL: orders.url });
		const status = await server.ended;

		assert.equal(status, 2, server.stderr);
		assert.match(server.stderr, /SMELT_BASE_URL: .*SMELT_BASE_URL_ORDERS, SMELT_BASE_URL_STOCK/);
		assert.ok(!server.stderr.includes("token-of-"), server.stderr);
	});

	await test(`${target}: a relative address asks for the document's variable`, () =>
		served(start, { SMELT_BASE_URL_ORDERS: orders.url, ...keys }, async (call) => {
			expect();
			const result = await call("stock_list_items");
			assert.equal(result.isError, true);
			assert.match(result.text, /SMELT_BASE_URL_STOCK/);
			assert.equal(orders.requests.length + stock.requests.length, 0);
		}));
}

await test("the files say which variables there are", () => {
	for (const dir of [python, typescript]) {
		const example = readFileSync(join(dir, ".env.example"), "utf8");
		const readme = readFileSync(join(dir, "README.md"), "utf8");

		for (const name of [...Object.keys(both), ...Object.keys(keys)])
			assert.match(example, new RegExp(`^(# )?${name}=$`, "m"));
		assert.doesNotMatch(example, /SMELT_BASE_URL=/);
		for (const name of Object.keys(both))
			assert.match(readme, new RegExp(`\`${name}\``));
		assert.doesNotMatch(readme, /`SMELT_BASE_URL`/);
	}
});

orders.stop();
stock.stop();
done();
