import {
	closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, statSync,
} from "node:fs";

import { ConfigError } from "./config.js";
import { Failure } from "./failure.js";

/* Files that a client names instead of sending: beneath one directory that the
   operator allowed (SMELT_UPLOAD_DIR), regular files only, up to a limit a call.
   Symbolic links are not followed, and what is checked is what is read: on Linux
   each part of a path is opened in the one before, macOS has a flag for it. */

export interface File {
	content: Buffer;
	name: string;
}

/* Throws Failure, naming the argument. */
export type Read = (argument: string, path: unknown) => File;

const LONGEST = 4096;
const NO_LINK_ANYWHERE = 0x20000000;
const TYPES = new Map([
	["csv", "text/csv"],
	["doc", "application/msword"],
	["docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
	["gif", "image/gif"],
	["gz", "application/gzip"],
	["htm", "text/html"],
	["html", "text/html"],
	["ico", "image/x-icon"],
	["jpeg", "image/jpeg"],
	["jpg", "image/jpeg"],
	["json", "application/json"],
	["md", "text/markdown"],
	["mp3", "audio/mpeg"],
	["mp4", "video/mp4"],
	["ogg", "audio/ogg"],
	["pdf", "application/pdf"],
	["png", "image/png"],
	["svg", "image/svg+xml"],
	["tar", "application/x-tar"],
	["txt", "text/plain"],
	["wav", "audio/wav"],
	["webm", "video/webm"],
	["webp", "image/webp"],
	["xls", "application/vnd.ms-excel"],
	["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
	["xml", "application/xml"],
	["yaml", "application/yaml"],
	["yml", "application/yaml"],
	["zip", "application/zip"],
]);

export function typeOfName(name: string): string | undefined {
	return name.includes(".") ? TYPES.get(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) : undefined;
}

/* For the start: the variable names a directory, or nothing. */
export function checkUploads(): void {
	const folder = process.env["SMELT_UPLOAD_DIR"];

	if (folder && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
		throw new ConfigError("SMELT_UPLOAD_DIR: not a directory");
}

function refuse(argument: string, why: string): never {
	throw new Failure("arguments", `argument ${argument}: ${why}`);
}

function whyNot(error: unknown): string {
	switch ((error as { code?: unknown }).code) {
	case "ELOOP":
	case "EMLINK":
		return "its path leads through a symbolic link";
	case "ENOENT":
	case "ENOTDIR":
		return "there is no such file in the upload directory";
	case "EISDIR":
	case "ENXIO":
		return "it is not a regular file";
	default:
		return "the file can not be read";
	}
}

function partsOf(path: unknown): string[] | undefined {
	if (typeof path !== "string" || path.length > LONGEST || /[\p{C}\u2028\u2029\\]/u.test(path))
		return undefined;
	const parts = path.split("/");
	return parts.some((part) => part === "" || part === "." || part === "..") ? undefined : parts;
}

function coded(code: string): Error {
	return Object.assign(new Error(code), { code });
}

function openBelow(folder: string, parts: string[], last: number): number {
	const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
	let at = openSync(folder, O_RDONLY | O_DIRECTORY);

	for (const [index, part] of parts.entries()) {
		const below = `/proc/self/fd/${at}/${part}`;
		try {
			const ends = index === parts.length - 1;
			/* O_DIRECTORY on a link says ENOTDIR, which would hide the reason */
			if (!ends && lstatSync(below).isSymbolicLink())
				throw coded("ELOOP");
			const next = openSync(below, ends ? last : O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
			closeSync(at);
			at = next;
		} catch (error) {
			closeSync(at);
			throw error;
		}
	}
	return at;
}

function open(folder: string, parts: string[]): number {
	const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

	switch (process.platform) {
	case "linux":
		return openBelow(folder, parts, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	case "darwin":
		return openSync([realpathSync(folder), ...parts].join("/"), O_RDONLY | O_NONBLOCK | NO_LINK_ANYWHERE);
	default:
		throw coded("ENOTSUP");
	}
}

/* Up to one byte more than `most`. */
function readUpTo(file: number, most: number): Buffer {
	const chunks: Buffer[] = [];
	let length = 0;

	while (length <= most) {
		const chunk = Buffer.alloc(Math.min(65536, most + 1 - length));
		const got = readSync(file, chunk);
		if (got === 0)
			break;
		chunks.push(chunk.subarray(0, got));
		length += got;
	}
	return Buffer.concat(chunks);
}

function readFile(folder: string, parts: string[], most: number): Buffer {
	const file = open(folder, parts);

	try {
		if (!fstatSync(file).isFile())
			throw coded("EISDIR");
		return readUpTo(file, most);
	} finally {
		closeSync(file);
	}
}

/* For the files of one call, which have the limit in common. */
export function uploadsUpTo(most: number): Read {
	const folder = process.env["SMELT_UPLOAD_DIR"];
	let left = most;

	return (argument, path) => {
		const parts = partsOf(path);
		if (!folder)
			refuse(argument, "files are not allowed here: SMELT_UPLOAD_DIR is not set");
		if (parts === undefined)
			refuse(argument, "its path is not a relative path of plain names");
		let content: Buffer;
		try {
			content = readFile(folder, parts, left);
		} catch (error) {
			refuse(argument, whyNot(error));
		}
		if (content.length > left)
			refuse(argument, `more than ${most} bytes of files`);
		left -= content.length;
		return { content, name: parts.at(-1) ?? "" };
	};
}
