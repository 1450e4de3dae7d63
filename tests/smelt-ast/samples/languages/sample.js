import fs, { readFile as rf } from "node:fs";
const { exec } = require("child_process");
/**
 * Adds.
 * @param {number} a
 */
export async function add(a, b = 2, ...rest) { return a + b; }
const mul = (x) => x * 2;
export default class Foo extends Bar { static #priv() {} get x() { return `a${this.y}b`; } async m({a, b}) { await fs.promises.readFile("x"); } }
module.exports = { f: function () {}, g() {} };
app.get("/x", (req, res) => { exec("ls " + req.query.x); });
