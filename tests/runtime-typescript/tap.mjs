/* TAP: a test fails by throwing. */
let count = 0;
let failures = 0;

export async function test(name, work) {
	try {
		await work();
		console.log(`ok ${++count} - ${name}`);
	} catch (error) {
		failures++;
		console.log(`not ok ${++count} - ${name}`);
		console.error(String(error?.stack ?? error).replace(/^/gm, "# "));
	}
}

export function done() {
	console.log(`1..${count}`);
	process.exitCode = failures === 0 ? 0 : 1;
}
