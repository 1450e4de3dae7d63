/* What a model can do about an HTTP error, in a few words. */

const ADVICE = new Map([
	[400, "change the arguments as it says"],
	[401, "the server's own credentials were not taken: its operator has to see to that"],
	[403, "the server's credentials do not allow this: another call will not help"],
	[404, "nothing is there: check the identifiers among the arguments"],
	[405, "the upstream does not offer this operation"],
	[409, "it does not fit what is there now: read that first"],
	[410, "it is gone for good"],
	[412, "what is there has changed: read it again first"],
	[413, "send less at a time"],
	[415, "the upstream does not take this type of content"],
	[422, "change the arguments as it says"],
	[423, "it is locked: try again later"],
	[429, "too many requests: try again later"],
]);
const FAILED = "the upstream failed: try again later";
const DAY = 86_400_000;

/* `wait`: milliseconds that the upstream asks to wait for. */
export function advice(status: number, wait: number | undefined): string | undefined {
	const words = ADVICE.get(status) ?? (status >= 500 ? FAILED : undefined);

	return wait === undefined || wait >= DAY ? words
		: words?.replace(/later$/, `in ${Math.max(1, Math.round(wait / 1000))} s`);
}
