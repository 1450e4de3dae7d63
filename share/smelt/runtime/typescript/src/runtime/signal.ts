import { Failure } from "./failure.js";

/* Why a signal was raised: our own reason, a time limit, or the client. */
export function reasonOf(signal: AbortSignal): Failure {
	const { reason } = signal as { reason: unknown };

	if (reason instanceof Failure)
		return reason;
	return reason instanceof DOMException && reason.name === "TimeoutError"
		? new Failure("timeout", "the upstream did not answer in time")
		: new Failure("cancelled", "the call was cancelled");
}

export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const stop = (): void => reject(reasonOf(signal));
		if (signal.aborted)
			stop();
		signal.addEventListener("abort", stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
	});
}

export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const wait = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});

	try {
		await orAborted(wait, signal);
	} finally {
		clearTimeout(timer);
	}
}
