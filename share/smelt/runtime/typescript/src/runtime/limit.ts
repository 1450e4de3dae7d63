import { Failure } from "./failure.js";
import { pause, reasonOf } from "./signal.js";

/* How often and how many at once. */

export class TokenBucket {
	readonly #rate: number;
	readonly #burst: number;
	#tokens: number;
	#last = performance.now();

	constructor(ratePerSecond: number, burst: number) {
		this.#rate = ratePerSecond;
		this.#burst = Math.max(1, burst);
		this.#tokens = this.#burst;
	}

	/* Takes a token, in advance if need be, and waits until it is due; who
	   would wait longer than `patience` seconds is refused at once. */
	async enter(patience: number, signal: AbortSignal): Promise<void> {
		const now = performance.now();
		const tokens = Math.min(this.#burst, this.#tokens + (now - this.#last) * this.#rate / 1000);
		const wait = Math.max(0, (1 - tokens) / this.#rate);

		if (wait > patience)
			throw new Failure("rate-limit", `rate limit: try again in ${Math.ceil(wait)} s`);
		this.#tokens = tokens - 1;
		this.#last = now;
		if (wait > 0)
			await pause(wait * 1000, signal);
	}
}

export class Gate {
	#free: number;
	readonly #waiting = new Set<() => void>();

	constructor(places: number) {
		this.#free = places;
	}

	#leave = (): void => {
		const next = this.#waiting.values().next().value;
		if (next === undefined)
			this.#free++;
		else
			next();
	};

	/* Waits for a place; the returned function gives it back. */
	async enter(signal: AbortSignal): Promise<() => void> {
		if (signal.aborted)
			throw reasonOf(signal);
		if (this.#free > 0) {
			this.#free--;
			return this.#leave;
		}
		await new Promise<void>((resolve, reject) => {
			const enter = (): void => {
				this.#waiting.delete(enter);
				signal.removeEventListener("abort", stop);
				resolve();
			};
			const stop = (): void => {
				this.#waiting.delete(enter);
				reject(reasonOf(signal));
			};
			this.#waiting.add(enter);
			signal.addEventListener("abort", stop, { once: true });
		});
		return this.#leave;
	}
}
