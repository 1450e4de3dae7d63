/* Every secret that was read, so that it can be blotted out of each text that
   leaves the process. */

const SHORTEST = 4;
const known = new Set<string>();

export function remember(secret: string): void {
	if (secret.length < SHORTEST)
		return;
	known.add(secret);
	known.add(encodeURIComponent(secret.toWellFormed()));
}

export function mask(text: string): string {
	for (const secret of [...known].sort((a, b) => b.length - a.length))
		text = text.replaceAll(secret, "***");
	return text;
}
