import { mask } from "./mask.js";

/* One JSON object per line on standard error; standard output belongs to the
   protocol. Argument values, bodies, queries and headers are never logged. */

export type Level = "debug" | "info" | "warning" | "error";
export type Fields = Record<string, string | number | boolean | undefined>;

const RANK: Record<Level, number> = { debug: 0, info: 1, warning: 2, error: 3 };

/* SMELT_LOG: debug, info or off. */
function threshold(): number {
	switch (process.env["SMELT_LOG"]) {
	case "off":
		return RANK.error + 1;
	case "debug":
		return RANK.debug;
	default:
		return RANK.info;
	}
}

export function log(level: Level, event: string, fields: Fields = {}): void {
	if (RANK[level] < threshold())
		return;
	const line = JSON.stringify({
		time: new Date().toISOString(),
		level,
		event,
		...fields,
	}, (_, value: unknown) => typeof value === "string" ? mask(value) : value);
	process.stderr.write(line + "\n");
}
