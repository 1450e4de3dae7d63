// clients.mjs DIR VARIABLE...: the client files below DIR/clients have the form
// that their clients read, name every variable and hold no value of one.
import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

const [dir, ...variables] = process.argv.slice(2);
let bad = 0;
const check = (good, text) => {
	if (!good) {
		console.log(text);
		bad++;
	}
};
const read = (name) => readFileSync(path.join(dir, "clients", name), "utf8");
const json = (name) => JSON.parse(read(name));
const keys = (value) => Object.keys(value).sort().join();
const isStrings = (list) => Array.isArray(list) && list.every((each) => typeof each === "string");

function files(folder) {
	return readdirSync(folder).flatMap((name) => {
		const each = path.join(folder, name);
		return statSync(each).isDirectory() ? files(each) : [each];
	});
}

// One server of stdio, with exactly these members; what each env value may be.
function server(name, entry, members, value) {
	check(keys(entry) === members, `${name}: members ${keys(entry)}`);
	check(typeof entry.command === "string" && isStrings(entry.args), `${name}: command and args`);
	check(Object.keys(entry.env).length === variables.length, `${name}: env ${keys(entry.env)}`);
	for (const variable of variables) {
		const found = Object.entries(entry.env).find(([key]) => key === variable || key === `${variable}_FILE`);

		check(found && value(variable, ...found), `${name}: ${variable} is ${found}`);
	}
}

const id = (variable) => variable.toLowerCase().replaceAll("_", "-");
const plain = "args,command,env";
const typed = "args,command,env,type";
const only = (name, key, top) => {
	const root = json(name);

	check(keys(root) === top, `${name}: ${keys(root)}`);
	const servers = Object.values(root[key]);
	check(servers.length === 1, `${name}: ${servers.length} servers`);
	return servers[0];
};

server("claude-desktop", only("claude-desktop/claude_desktop_config.json", "mcpServers", "mcpServers"), plain,
	(variable, key, value) => key === `${variable}_FILE` && value.startsWith("/"));
server("claude-code", only("claude-code/.mcp.json", "mcpServers", "mcpServers"), typed,
	(variable, key, value) => key === variable && value === `\${${variable}}`);
for (const name of ["cursor/.cursor/mcp.json", "windsurf/mcp_config.json"])
	server(name, only(name, "mcpServers", "mcpServers"), plain,
		(variable, key, value) => key === variable && value === `\${env:${variable}}`);
server("vscode", only("vscode/.vscode/mcp.json", "servers", "inputs,servers"), typed,
	(variable, key, value) => key === variable && value === `\${input:${id(variable)}}`);
const { inputs } = json("vscode/.vscode/mcp.json");
check(inputs.map((input) => input.id).join() === variables.map(id).join(), "vscode: inputs");
for (const input of inputs)
	check(keys(input) === "description,id,password,type" && input.type === "promptString" && input.password === true,
		`vscode: input ${JSON.stringify(input)}`);

// Agent Plugins 1.0.0: closed manifests; a command is a bare name or ./path, and
// ${PLUGIN_ROOT} and ${PLUGIN_DATA} stand only in args, env and cwd.
const plugin = json("agent-plugin/plugin.json");
check(keys(plugin) === "$schema,description,name,version" && /^[a-z0-9.-]{1,64}$/.test(plugin.name) &&
	plugin.$schema === "https://agent-plugins.org/schemas/1.0.0/plugin.schema.json", "agent-plugin: plugin.json");
const entry = only("agent-plugin/mcp.json", "mcpServers", "$schema,mcpServers");
server("agent-plugin", entry, typed,
	(variable, key, value) => key === `${variable}_FILE` && value === `\${PLUGIN_DATA}/${id(variable)}`);
check(entry.type === "stdio" && /^(\.\/)?[^/$]+/.test(entry.command) && !entry.command.startsWith("/"),
	`agent-plugin: command ${entry.command}`);
for (const arg of entry.args)
	check(arg.startsWith("${PLUGIN_ROOT}/"), `agent-plugin: argument ${arg}`);

const toml = read("codex/config.toml").trimEnd().split("\n");
check(toml.length === 4 && /^\[mcp_servers\.[a-z0-9-]+\]$/.test(toml[0]), "codex: table");
for (const [i, key] of ["command", "args", "env_vars"].entries()) {
	const [name, value] = toml[i + 1].split(" = ");

	check(name === key, `codex: ${name}`);
	JSON.parse(value);
}
check(JSON.parse(toml[3].split(" = ")[1]).join() === variables.join(), "codex: env_vars");

const readme = read("README.md");
check(/ChatGPT on the web/.test(readme) && /HTTPS URL/.test(readme), "README: the web needs a URL");
for (const file of files(path.join(dir, "clients")))
	check(path.basename(file) === "README.md" || readme.includes(path.relative(path.join(dir, "clients"), file)),
		`README does not name ${file}`);
process.exit(bad ? 1 : 0);
