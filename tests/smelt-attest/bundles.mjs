// bundles.mjs DIR: what others say about the files that smelt-attest wrote.
//
// Every bundle is held by @sigstore/verify against smelt.pub, its statement
// against the files of DIR; the bill of materials by cyclonedx-library's strict
// schema, and by a look at its references. Prints what is wrong; exit 1 then.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.NODE_PATH, "x.js"));
const { bundleFromJSON } = require("@sigstore/bundle");
const { Verifier, toTrustMaterial, toSignedEntity } = require("@sigstore/verify");
const { Validation } = require("@cyclonedx/cyclonedx-library");
const { PackageURL } = require("packageurl-js");

const dir = process.argv[2];
let bad = 0;
const complain = (text) => {
	console.log(text);
	bad++;
};
const read = (name) => readFileSync(path.join(dir, name));
const sha256 = (data) => createHash("sha256").update(data).digest();

const spki = createPublicKey(read("smelt.pub")).export({ type: "spki", format: "der" });
const hint = sha256(spki).toString("base64");
const trust = toTrustMaterial(
	{ certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] },
	(asked) => asked === hint
		? { publicKey: createPublicKey(read("smelt.pub")), validFor: () => true }
		: undefined);
const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });

const names = readdirSync(dir).filter((name) => name.endsWith(".sigstore.json")).sort();
if (names.length !== 4)
	complain(`${names.length} bundles, not 4`);
const types = {};
for (const name of names) {
	const text = read(name).toString();
	const json = JSON.parse(text);
	const { payload, payloadType, signatures } = json.dsseEnvelope;
	const statement = JSON.parse(Buffer.from(payload, "base64"));

	try {
		verifier.verify(toSignedEntity(bundleFromJSON(json)));
	} catch (error) {
		complain(`${name}: @sigstore/verify: ${error.message}`);
	}
	if (payloadType !== "application/vnd.in-toto+json")
		complain(`${name}: payloadType ${payloadType}`);
	if (signatures.length !== 1 || "keyid" in signatures[0])
		complain(`${name}: signatures are not one without keyid`);
	if (json.verificationMaterial.publicKey.hint !== hint)
		complain(`${name}: the hint is not base64(SHA-256(SPKI))`);
	if (text !== JSON.stringify(json) + "\n")
		complain(`${name}: not in compact form`);
	types[name.split(".").at(-3)] = statement.predicateType;
	for (const subject of statement.subject) {
		if (Object.keys(subject.digest).join() !== "sha256")
			complain(`${name}: digests of ${subject.name}`);
		if (subject.name !== "tools.json" && sha256(read(subject.name)).toString("hex") !== subject.digest.sha256)
			complain(`${name}: not the digest of ${subject.name}`);
	}
	if (statement._type !== "https://in-toto.io/Statement/v1" || statement.subject.length !== 3)
		complain(`${name}: not a statement about three files`);
	if (name.includes(".gates.")) {
		const { result, configuration, failedTests } = statement.predicate;

		if (!["PASSED", "WARNED"].includes(result) || !configuration.length || failedTests.length)
			complain(`${name}: result ${result}`);
		for (const { digest } of configuration)
			if (!/^[0-9a-f]{64}$/.test(digest.sha256))
				complain(`${name}: a configuration without digest`);
	}
	if (name.includes(".slsa.")) {
		const { buildDefinition, runDetails } = statement.predicate;

		if (!buildDefinition.buildType || !buildDefinition.externalParameters || !runDetails.builder.id)
			complain(`${name}: lacks what SLSA asks for`);
	}
}
const wanted = {
	slsa: "https://slsa.dev/provenance/v1", sbom: "https://cyclonedx.org/bom",
	gates: "https://in-toto.io/attestation/test-result/v0.1", score: "urn:smelt:attestation:mcp-score:v1",
};
for (const kind of Object.keys(wanted))
	if (types[kind] !== wanted[kind])
		complain(`${kind}: predicate type ${types[kind]}`);

for (const name of readdirSync(dir).filter((each) => each.endsWith(".cdx.json"))) {
	const text = read(name).toString();
	const bom = JSON.parse(text);
	const errors = await new Validation.JsonStrictValidator("1.6").validate(text);
	const parts = [bom.metadata.component, ...bom.components, ...(bom.services ?? [])];
	const refs = new Set(parts.map((part) => part["bom-ref"]));

	if (errors !== null)
		complain(`${name}: ${JSON.stringify(errors)}`);
	if (refs.size !== parts.length)
		complain(`${name}: a bom-ref is there twice`);
	const named = [...bom.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]),
		...bom.compositions.flatMap(({ dependencies }) => dependencies)];
	for (const ref of named)
		if (!refs.has(ref))
			complain(`${name}: ${ref} is nowhere`);
	// purl-spec encodes "+" in a version; packageurl-js 2.0.1 does not.
	for (const { purl } of bom.components)
		if (PackageURL.fromString(purl).toString().replaceAll("+", "%2B") !== purl)
			complain(`${name}: ${purl} is not canonical`);
	if (String(bom.components.map(({ purl }) => purl)) !== String(bom.components.map(({ purl }) => purl).sort()))
		complain(`${name}: not sorted`);
}
process.exit(bad ? 1 : 0);
