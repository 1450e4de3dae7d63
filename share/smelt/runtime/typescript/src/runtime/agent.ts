import { Agent } from "node:https";

import { type Certificate, trustFor } from "./tls.js";

/* Which connections a request goes over. */

interface Kept {
	version: string;
	agent: Agent;
}

/* As the ones that Node keeps itself. */
const KEEP = { keepAlive: true, scheduling: "lifo", timeout: 5000 } as const;
const kept = new Map<Certificate, Kept>();

/* Options for node:https; none where Node's own trust is enough. `fresh`: a
   connection that no other request has used or will use. */
export function connectionFor(origin: URL, certificate: Certificate | undefined, fresh: boolean): object {
	const trust = origin.protocol === "https:" ? trustFor(certificate) : undefined;
	const key = certificate ?? "";

	if (fresh)
		return { agent: false, ...(trust === undefined ? {} : { secureContext: trust.context }) };
	if (trust === undefined)
		return {};
	let known = kept.get(key);
	if (known?.version !== trust.version) {
		known = { version: trust.version, agent: new Agent({ ...KEEP, secureContext: trust.context }) };
		kept.set(key, known);
	}
	return { agent: known.agent };
}
