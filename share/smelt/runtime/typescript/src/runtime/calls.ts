import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from "node:fs";

import { ConfigError } from "./config.js";
import { log } from "./log.js";

/* The call log: SMELT_CALL_LOG=FILE gets one JSON line a call (call.schema.json). No
   argument, no answer, no secret. A line is one write to a file opened for appending,
   so servers may share it; a file that was moved or removed is opened anew. What can
   not be written is lost, never a call. */

export interface Call {
	kind: "call";
	time: string;
	server: string;
	tool: string;
	/* the meta-tool that the client called */
	via: string | undefined;
	request: string;
	outcome: "ok" | "error" | "refused" | "cancelled" | "fault";
	status: number | undefined;
	ms: number;
	attempts: number;
	/* bytes of bodies, of all attempts */
	sent: number;
	received: number;
}

const VARIABLE = "SMELT_CALL_LOG";
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;
let file: number | undefined;
let torn = false;
let warned = false;

/* strerror's words, without the path */
function reasonOf(error: unknown): string {
	return /^[A-Z]+: ([^,]*)/.exec((error as Error).message)?.[1] ?? "failed";
}

function isStill(held: number, path: string): boolean {
	const there = statSync(path, { bigint: true, throwIfNoEntry: false });
	const here = fstatSync(held, { bigint: true });
	return there?.ino === here.ino && there.dev === here.dev;
}

function current(path: string): number {
	if (file !== undefined && isStill(file, path))
		return file;
	if (file !== undefined)
		closeSync(file);
	file = undefined;
	return file = openSync(path, FLAGS, 0o600);
}

/* At start: fails when the file cannot be opened. */
export function checkCallLog(): void {
	const path = process.env[VARIABLE];

	try {
		if (path)
			current(path);
	} catch (error) {
		throw new ConfigError(`the file that ${VARIABLE} names can not be opened: ${reasonOf(error)}`);
	}
}

export function addCall(call: Call): void {
	const path = process.env[VARIABLE];

	if (!path)
		return;
	const line = Buffer.from((torn ? "\n" : "") + JSON.stringify(call) + "\n");
	try {
		torn = writeSync(current(path), line) < line.length;
		warned = torn;
	} catch (error) {
		if (!warned)
			log("error", "call-log", { message: `can not be written: ${reasonOf(error)}` });
		warned = true;
	}
}
