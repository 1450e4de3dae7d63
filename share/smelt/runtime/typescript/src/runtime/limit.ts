import { Failure } from "./failure.js";
import { reasonOf } from "./signal.js";

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

	/* Takes one token or throws: a refused call is cheap, a queue is not. */
	take(): void {
		const now = performance.now();
		this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#last) * this.#rate / 1000);
		this.#last = now;
		if (this.#tokens < 1) {
			const seconds = Math.ceil((1 - this.#tokens) / this.#rate);
			throw new Failure("rate-limit", `too many calls; try again in ${seconds} s`);
		}
		this.#tokens--;
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
