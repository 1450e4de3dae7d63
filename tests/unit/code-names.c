/* code/names: what names stand for. */
#include "code/names.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/lang.h"
#include "tap.h"

static struct atoms *atoms;
static struct ir_parser *parser;

/*
 * The dotted name of what stands in at(...), for each call of at in the text,
 * one a line; "-" for none.
 */
static void
names_are(const char *language, const char *text, const char *want,
	const char *name)
{
	const struct lang *lang;
	struct names *names;
	struct str out;
	struct err err;
	struct ir ir;

	lang = lang_get(language, &err);
	if (!ok(lang && ir_parse(parser, lang, text, strlen(text), &ir,
	    &err) == 0 && !ir.errors, "it parses"))
		return;
	names = names_new(&ir);
	str_init(&out, STR_RECORD);
	for (uint32_t n = 1; n < ir.n; n++) {
		if (!ir_is(&ir, n, IR_CALL) || !ir_named(&ir, ir_child(&ir, n,
		    IR_F_FUNCTION), "at"))
			continue;
		if (!names_dotted(names, ir_argument(&ir, n, 0), &out, NULL))
			str_putc(&out, '-');
		str_putc(&out, '\n');
	}
	is(str_s(&out), want, name);
	str_release(&out);
	names_free(names);
	ir_release(&ir);
}

int
main(void)
{
	atoms = atoms_new(NULL);
	parser = ir_parser_new(atoms);
	names_are("python",
		"import os, a.b as c, x.y\n"
		"from subprocess import run as r\n"
		"from .db import get\n"
		"from . import web\n"
		"at(os.path); at(c.d); at(x.y.z); at(r); at(get()); at(web.v)\n"
		"at(open); at(1); at(len(x))\n",
		"os.path\na.b.d\nx.y.z\nsubprocess.run\n.db.get()\n.web.v\n"
		"open\n-\nlen()\n", "imports");
	names_are("python",
		"import requests as rq\n"
		"s = rq.Session()\n"
		"t = s\n"
		"u = 1\n"
		"u = 2\n"
		"v = None\n"
		"v = rq.get('x')\n"
		"at(s.get); at(t.post); at(u.z); at(v.json()); at(s['k'])\n",
		"requests.Session().get\nrequests.Session().post\nu.z\n"
		"requests.get().json()\nrequests.Session()[]\n",
		"values that are assigned once");
	names_are("python",
		"import os\n"
		"def f(os, y=1, *a, k: int, **kw):\n"
		"    at(os.name)\n"
		"    with open('x') as fh: at(fh.read)\n"
		"    for i in y: at(i.z)\n"
		"    def g():\n"
		"        import json as os\n"
		"        at(os.x)\n"
		"at(os.name)\n"
		"z = lambda os: at(os.q)\n",
		"os.name\nopen().read\ni.z\njson.x\nos.name\nos.q\n",
		"scopes hide");
	names_are("python",
		"import db\n"
		"class A:\n"
		"    con = db.one()\n"
		"    def __init__(self):\n"
		"        self.b = db.two()\n"
		"        self.c = 1\n"
		"    def m(self):\n"
		"        at(self.b.x); at(self.con.x); at(self.c.x); at(con)\n",
		"db.two().x\ndb.one().x\nself.c.x\ncon\n",
		"attributes of self");
	names_are("python",
		"x = y\ny = x\nat(x.a)\nasync def f(): at((await x).b or c)\n",
		"x.a\nx.b\n", "a cycle of values ends");
	names_are("javascript",
		"import fs, { readFile as rf } from 'node:fs';\n"
		"import * as p from 'path';\n"
		"const { exec, spawn: sp } = require('child_process');\n"
		"const db = require('./db');\n"
		"const app = express();\n"
		"at(fs.x); at(rf); at(p.join); at(exec); at(sp); at(db.q);\n"
		"at(app.get); function f(fs) { at(fs.y); }\n",
		"node:fs.x\nnode:fs.readFile\npath.join\nchild_process.exec\n"
		"child_process.spawn\n./db.q\nexpress().get\nfs.y\n",
		"javascript");
	ir_parser_free(parser);
	atoms_free(atoms);
	return done_testing();
}
