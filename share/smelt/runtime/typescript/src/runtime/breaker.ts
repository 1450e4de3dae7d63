import { Failure } from "./failure.js";

/* A circuit breaker per upstream origin. After so many failures in a row it
   refuses for a while, then lets one trial through: its success closes the
   circuit, its failure opens it again. */

export class Breaker {
	readonly #failures: number;
	readonly #pause: number;
	#count = 0;
	#openUntil = 0;
	#trial = false;

	constructor(failures: number, seconds: number) {
		this.#failures = failures;
		this.#pause = seconds * 1000;
	}

	get open(): boolean {
		return this.#count >= this.#failures;
	}

	/* Throws unless a request may go out; then `settle` must follow. */
	enter(): void {
		if (!this.open)
			return;
		const wait = this.#openUntil - performance.now();
		if (wait > 0 || this.#trial) {
			const seconds = Math.max(1, Math.ceil(wait / 1000));
			throw new Failure("circuit-open",
				`the upstream keeps failing and the circuit is open; try again in ${seconds} s`);
		}
		this.#trial = true;
	}

	/* `undefined` when the request told nothing about the upstream. */
	settle(success: boolean | undefined): void {
		this.#trial = false;
		if (success === undefined)
			return;
		if (success) {
			this.#count = 0;
			return;
		}
		this.#count++;
		if (this.open)
			this.#openUntil = performance.now() + this.#pause;
	}
}
