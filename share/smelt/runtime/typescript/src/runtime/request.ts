import { buildBody, type Payload, queryText } from "./body.js";
import { Failure } from "./failure.js";
import {
	encode, encodeSegment, expandPairs, expandSegment, type Pair, present, toContent,
} from "./serialize.js";
import { type Certificate, generalCertificate } from "./tls.js";
import type { Read } from "./upload.js";
import type { Arguments, Binding, Parameter } from "./types.js";

/* An HTTP request from a binding and arguments. Nothing is sent here. The
   origin is the server's; the target is put together from encoded parts, never
   by resolving one reference against another. */

export interface Request {
	method: string;
	origin: URL;
	path: string;
	/* a query that the path has of its own */
	fixed: string;
	query: Pair[];
	headers: Map<string, string>;
	cookies: Pair[];
	payload: Payload | undefined;
	certificate: Certificate | undefined;
	/* a credential is on it */
	secret: boolean;
}

/* Set by us or by the connection; no argument may speak for them. */
const OWN_HEADERS = new Set([
	"authorization", "connection", "content-length", "content-type", "cookie",
	"expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
	"transfer-encoding", "upgrade",
]);
const DECODINGS = 16;
/* Other spellings of . / and \ that some servers read: overlong UTF-8, %uXXXX. */
const SPELLED = /%(?:c0|e0%80|f0%80%80)%(ae|af)|%(?:c1|e0%81|f0%80%81)%9c|%u([0-9a-f]{4})/gi;
const SPELLINGS = new Map([["ae", "."], ["af", "/"]]);
const COOKIE = /^[\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]*$/;

function refuse(argument: string, what: string): never {
	throw new Failure("arguments", `argument ${argument}: ${what}`);
}

function decodeOnce(text: string): string {
	const spelled = text.replace(SPELLED, (_, last?: string, code?: string) => code === undefined
		? SPELLINGS.get(last?.toLowerCase() ?? "") ?? "\\" : String.fromCharCode(parseInt(code, 16)));
	return spelled.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
		const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
		return bytes.toString("utf8");
	}).normalize("NFKC");
}

function isLeaving(text: string): boolean {
	return text.split(/[/\\]/).map((piece) => piece.split(";", 1)[0])
		.some((piece) => piece === "." || piece === "..");
}

/* Some server behind this one may decode again, so every depth is looked at. */
function checkPathText(argument: string, text: string): void {
	for (let round = 0; ; round++) {
		if (/[\u0000-\u001f\u007f-\u009f]/.test(text))
			refuse(argument, "control characters can not stand in a path");
		if (isLeaving(text))
			refuse(argument, "the path segments . and .. are refused");
		const decoded = decodeOnce(text);
		if (decoded === text)
			return;
		if (round === DECODINGS)
			refuse(argument, "percent-encoded too many times");
		text = decoded;
	}
}

function pathText(parameter: Parameter, value: unknown): string {
	const { argument, contentType } = parameter;

	if (value === "" || (contentType === undefined ? present(value) === undefined : value === null))
		refuse(argument, "is needed in the path and is empty");
	const coded = (text: string): string => {
		checkPathText(argument, text);
		return parameter.allowReserved ? encodeSegment(text) : encode(text);
	};
	return contentType !== undefined
		? coded(toContent(contentType, value))
		: expandSegment(parameter, value, coded);
}

function headerText(parameter: Parameter, value: unknown): string {
	const { argument, contentType, name } = parameter;
	const text = contentType !== undefined
		? toContent(contentType, value)
		: expandSegment({ ...parameter, style: "simple" }, value, (plain) => plain);

	if (OWN_HEADERS.has(name.toLowerCase()))
		refuse(argument, `the header ${name} is not for arguments`);
	if (!/^[\x20-\x7e]*$/.test(text))
		refuse(argument, "control and non-ASCII characters can not stand in a header");
	return text;
}

/* Literal text of the document, encoded where it must be; a % stays. */
function literal(text: string): string {
	return text.replace(/[^\x21-\x7e]|["<>?#^`{}\\]/gu, encode);
}

function expandPath(template: string, values: Map<string, string>): string {
	const path = template.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
		const value = values.get(name);
		if (value === undefined)
			throw new Failure("arguments", `the path needs a value for ${whole}`);
		return value;
	});

	for (const segment of path.split("/")) {
		if (isLeaving(decodeOnce(segment)))
			throw new Failure("arguments", "the path segments . and .. are refused");
	}
	return literal(path);
}

/* The upstream's base: SMELT_BASE_URL before the declared server. */
export function baseOf(server: string): URL {
	const text = process.env["SMELT_BASE_URL"] || server;
	const base = URL.canParse(text) ? new URL(text) : undefined;

	if (base === undefined)
		throw new Failure("configuration", `the server's address is not absolute; set ${
			text.startsWith("$SMELT_") ? text.slice(1) : "SMELT_BASE_URL"}`);
	if (base.protocol !== "https:" && base.protocol !== "http:")
		throw new Failure("configuration", "the server's address is neither http: nor https:");
	if (base.username !== "" || base.password !== "" || base.search !== "")
		throw new Failure("configuration", "the server's address holds credentials or a query");
	return base;
}

function cookiesOf(parameter: Parameter, value: unknown): Pair[] {
	const style = parameter.style === "cookie" ? "cookie" : "form";
	const pairs = expandPairs({ ...parameter, style }, value);

	if (style === "cookie" && !pairs.every(([, text]) => COOKIE.test(text)))
		refuse(parameter.argument, "can not stand in a cookie");
	return pairs;
}

function placeWell(request: Request, paths: Map<string, string>, parameter: Parameter, value: unknown): void {
	try {
		place(request, paths, parameter, value);
	} catch (error) {
		if (error instanceof URIError)
			refuse(parameter.argument, "is not well-formed Unicode");
		throw error;
	}
}

function place(request: Request, paths: Map<string, string>, parameter: Parameter, value: unknown): void {
	switch (parameter.in) {
	case "path":
		paths.set(parameter.name, pathText(parameter, value));
		break;
	case "query":
		request.query.push(...expandPairs(parameter, value));
		break;
	case "querystring":
		if (value !== null)
			request.fixed = [request.fixed, queryText(parameter, value)]
				.filter((part) => part !== "").join("&");
		break;
	case "header":
		if (parameter.contentType === undefined ? present(value) !== undefined : value !== null)
			request.headers.set(parameter.name, headerText(parameter, value));
		break;
	case "cookie":
		request.cookies.push(...cookiesOf(parameter, value));
		break;
	}
}

export function buildRequest(binding: Binding, arguments_: Arguments, read: Read): Request {
	const base = baseOf(binding.server);
	const paths = new Map<string, string>();
	const [template = "", fixed = ""] = binding.path.split(/\?(.*)/s, 2);
	const request: Request = {
		method: binding.method,
		origin: new URL(base.origin),
		path: "",
		fixed: literal(fixed),
		query: [],
		headers: new Map(),
		cookies: [],
		payload: undefined,
		certificate: base.protocol === "https:" ? generalCertificate() : undefined,
		secret: false,
	};

	for (const parameter of binding.parameters) {
		if (Object.hasOwn(arguments_, parameter.argument))
			placeWell(request, paths, parameter, arguments_[parameter.argument]);
	}
	request.path = base.pathname.replace(/\/+$/, "") + expandPath(template, paths);
	if (binding.body !== undefined)
		request.payload = buildBody(binding.body, arguments_, read);
	return request;
}

/* The request target; that it stays on the origin is asserted, not hoped. */
export function targetOf(request: Request): string {
	const pairs = request.query.map(([name, value]) => `${name}=${value}`);
	const query = [request.fixed, ...pairs].filter((part) => part !== "").join("&");
	const target = request.path + (query === "" ? "" : `?${query}`);
	const url = URL.canParse(request.origin.origin + target)
		? new URL(request.origin.origin + target) : undefined;

	if (!target.startsWith("/") || url?.origin !== request.origin.origin || url.pathname !== request.path)
		throw new Failure("arguments", "the arguments would change where the request goes");
	return target;
}
