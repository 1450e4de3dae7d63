import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";

/* The shapes of tools.json and bindings.json, and of what a handler sees. */

export type Arguments = Record<string, unknown>;
export type Result = CallToolResult;
export type Context = ServerContext;
export type Call = (arguments_: Arguments) => Promise<Result>;
export type Handle = (arguments_: Arguments, call: Call) => Promise<Result>;
export type Schema = { [keyword: string]: unknown };

export interface Tool {
	name: string;
	title?: string;
	description?: string;
	inputSchema: Schema;
	outputSchema?: Schema;
	annotations?: Record<string, boolean | string>;
}

export type Style =
	| "simple" | "label" | "matrix" | "form" | "cookie"
	| "spaceDelimited" | "pipeDelimited" | "deepObject";

export interface Parameter {
	argument: string;
	name: string;
	in: "path" | "query" | "querystring" | "header" | "cookie";
	style?: Style;
	explode?: boolean;
	allowReserved?: boolean;
	contentType?: string;
	encoding?: Record<string, Omit<Property, "argument" | "name">>;
}

export interface Property {
	argument: string;
	name: string;
	contentType?: string;
	style?: Style;
	explode?: boolean;
	file?: boolean;
}

export interface Body {
	mediaType: string;
	required: boolean;
	mode: "properties" | "argument";
	argument?: string;
	properties?: Property[];
	prefixEncoding?: Omit<Property, "argument" | "name">[];
	itemEncoding?: Omit<Property, "argument" | "name">;
}

export interface Binding {
	type: "http";
	method: string;
	server: string;
	/* where there are several: whose address, schemes and credentials */
	document?: string;
	path: string;
	parameters: Parameter[];
	body?: Body;
	response?: { mediaType?: string; wrap?: "result" };
	idempotent: boolean;
}

/* One alternative: every scheme named in it is needed. */
export type Requirement = Record<string, string[]>;

export interface Bound {
	binding: Binding;
	security?: Requirement[];
}

export interface SecurityScheme {
	type: string;
	in?: string;
	name?: string;
	scheme?: string;
	flows?: Record<string, { tokenUrl?: string } | undefined>;
	openIdConnectUrl?: string;
	oauth2MetadataUrl?: string;
}

export interface Limits {
	timeoutSeconds: number;
	totalSeconds: number;
	maxResponseBytes: number;
	maxAttempts: number;
	ratePerSecond: number;
	burst: number;
	concurrency: number;
	breakerFailures: number;
	breakerSeconds: number;
	maxDepth: number;
	retryBaseSeconds: number;
	retryMaxSeconds: number;
	maxUploadBytes: number;
}

export interface ServerInfo {
	name: string;
	title?: string;
	version: string;
	instructions?: string;
}
