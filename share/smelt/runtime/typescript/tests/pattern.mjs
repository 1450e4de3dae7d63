/* Makes a text that a regular expression matches: its first alternatives, as few
   repetitions as it wants and `extra` more where there may be more. */

const CHARACTERS = "a1A0_-. /@:#+,";
const MOST = 10000;

/* No value was found; the message says why. */
export class Unmade extends Error {}

function compiled(pattern) {
	for (const flags of ["u", ""]) {
		try {
			return new RegExp(pattern, flags);
		} catch {
			continue;
		}
	}
	throw new Unmade("the pattern is not understood");
}

export function matches(pattern, text) {
	return compiled(pattern).test(text);
}

export function example(pattern, least, most) {
	for (const extra of [0, 1, 3, least, most]) {
		const text = extra <= MOST ? new Maker(pattern, extra).make() : "";
		if (least <= text.length && text.length <= most && matches(pattern, text))
			return text;
	}
	throw new Unmade("no text of this pattern was found");
}

class Maker {
	#pattern;
	#extra;
	#at = 0;

	constructor(pattern, extra) {
		this.#pattern = pattern;
		this.#extra = extra;
	}

	make() {
		const text = this.#choice();
		if (this.#at < this.#pattern.length)
			throw new Unmade("the pattern is not understood");
		return text;
	}

	#next() {
		if (this.#at >= this.#pattern.length)
			throw new Unmade("the pattern is not understood");
		return this.#pattern[this.#at++];
	}

	#skip(text) {
		if (!this.#pattern.startsWith(text, this.#at))
			return false;
		this.#at += text.length;
		return true;
	}

	#choice() {
		const first = this.#sequence();
		while (this.#skip("|"))
			this.#sequence();
		return first;
	}

	#sequence() {
		let text = "";
		while (this.#at < this.#pattern.length && !"|)".includes(this.#pattern[this.#at])) {
			const atom = this.#atom();
			text += atom.repeat(this.#count());
		}
		return text;
	}

	#atom() {
		const start = this.#at;
		const char = this.#next();
		if ("^$".includes(char))
			return "";
		if (char === ".")
			return "a";
		if (char === "(")
			return this.#group();
		if (char === "[") {
			this.#skip("^");
			for (let inner = this.#next(); inner !== "]"; inner = this.#next()) {
				if (inner === "\\")
					this.#next();
			}
			return this.#fitting(start);
		}
		if (char === "\\") {
			const escaped = this.#next();
			if ("bB".includes(escaped))
				return "";
			return /[0-9a-z]/i.test(escaped) ? this.#fitting(start) : escaped;
		}
		if ("*+?{".includes(char))
			throw new Unmade("the pattern is not understood");
		return char;
	}

	#group() {
		if (this.#skip("?") && !this.#skip(":"))
			throw new Unmade("the pattern looks around");
		const text = this.#choice();
		if (!this.#skip(")"))
			throw new Unmade("the pattern is not understood");
		return text;
	}

	/* One character for the class or escape that starts there. */
	#fitting(start) {
		const expression = this.#pattern.slice(start, this.#at);
		const whole = compiled(`^(?:${expression})$`);
		for (const char of CHARACTERS + expression) {
			if (whole.test(char))
				return char;
		}
		throw new Unmade("no character of the pattern was found");
	}

	#count() {
		let low = 1, high = 1;
		const bounds = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at, this.#at + 20));
		if (this.#skip("*")) {
			[low, high] = [0, this.#extra];
		} else if (this.#skip("+")) {
			high = 1 + this.#extra;
		} else if (this.#skip("?")) {
			low = 0;
		} else if (bounds) {
			this.#at += bounds[0].length;
			low = Number(bounds[1]);
			high = bounds[3] ? Number(bounds[3]) : bounds[2] ? low + this.#extra : low;
		} else {
			return 1;
		}
		this.#skip("?");
		if (low > MOST)
			throw new Unmade("the pattern wants a long text");
		return Math.min(high, low + this.#extra);
	}
}
