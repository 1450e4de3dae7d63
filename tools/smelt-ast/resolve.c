#include "smelt-ast/resolve.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "code/atom.h"
#include "code/ir.h"
#include "code/names.h"
#include "smelt-ast/project.h"

enum { STEPS = 16 };

static const struct symbol none;

static struct symbol expr(struct project *p, struct unit *u, uint32_t n,
	int steps);
static struct symbol dotted(struct project *p, struct unit *from,
	const char *name, int steps);

/* --- modules ------------------------------------------------------------------ */

static bool
has_unit(struct project *p, const char *path)
{
	size_t lo = 0, hi = p->nunits, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = strcmp(p->units[mid]->path, path);
		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

/* length of the directory part that is the root of this path's package */
static size_t
package_root(struct project *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	char *init;
	bool is;

	while (n) {
		init = xasprintf("%.*s/__init__.py", (int)n, path);
		is = has_unit(p, init);
		free(init);
		if (!is)
			return n + 1;
		while (n && path[n - 1] != '/')
			n--;
		if (n)
			n--;
	}
	return 0;
}

/* every absolute module name that the project imports, and its prefixes */
static void
imported(struct project *p, struct map *names)
{
	const struct names_entry *e;
	const struct unit *u;
	size_t len;

	for (size_t i = 0; i < p->nunits; i++) {
		u = p->units[i];
		for (size_t k = 0; u->names && k < names_count(u->names);
		    k++) {
			e = names_at(u->names, k);
			if (e->type != NAMES_IMPORT || e->target[0] == '.')
				continue;
			for (len = strlen(e->target); len; len--)
				if (!e->target[len] || e->target[len] == '.')
					map_add(names, e->target, len, NULL);
		}
	}
}

static const char *
dots(struct project *p, const char *path)
{
	char *s = arena_strdup(p->arena, path), *c;
	size_t n = strlen(s);

	if (str_ends(s, "/__init__.py"))
		n -= strlen("/__init__.py");
	else if (strcmp(s, "__init__.py") == 0)
		n = 0;
	else if (str_ends(s, ".pyi"))
		n -= 4;
	else if (str_ends(s, ".py"))
		n -= 3;
	s[n] = '\0';
	for (c = s; *c; c++)
		if (*c == '/')
			*c = '.';
	return s;
}

/* where the longest module name starts that is imported, of two at least */
static size_t
namespace_root(struct project *p, const char *path, const struct map *names)
{
	const char *module = dots(p, path), *end = module + strlen(module);
	const char *s = module;

	while (s < end && memchr(s, '.', (size_t)(end - s))) {
		if (map_has(names, s))
			return (size_t)(s - module);
		s = (const char *)memchr(s, '.', (size_t)(end - s)) + 1;
	}
	return SIZE_MAX;
}

/* the roots of folders by what one file in them is imported as */
static void
namespaces(struct project *p, const struct map *names, struct map *roots)
{
	const char *path, *slash;
	size_t root;

	for (size_t i = 0; i < p->nunits; i++) {
		path = p->units[i]->path;
		slash = strrchr(path, '/');
		if (!p->units[i]->names || !slash)
			continue;
		root = namespace_root(p, path, names);
		if (root != SIZE_MAX)
			map_add(roots, path, (size_t)(slash - path), NULL)->
				value = (void *)(uintptr_t)(root + 1);
	}
}

static void
name_module(struct project *p, struct unit *u, const struct map *roots)
{
	const char *slash = strrchr(u->path, '/');
	struct map_entry *e = slash ? map_find(roots, u->path,
		(size_t)(slash - u->path)) : NULL;
	size_t root = package_root(p, u->path);

	if (e && (uintptr_t)e->value - 1 < root)
		root = (uintptr_t)e->value - 1;
	u->package = str_ends(u->path, "/__init__.py") ||
		strcmp(u->path, "__init__.py") == 0;
	u->module = dots(p, u->path + root);
}

static void
name_modules(struct project *p)
{
	struct map names = { NULL, 0, 0, NULL, 0 };
	struct map roots = { NULL, 0, 0, NULL, 0 };

	imported(p, &names);
	namespaces(p, &names, &roots);
	for (size_t i = 0; i < p->nunits; i++)
		if (p->units[i]->names && strcmp(p->units[i]->language,
		    "python") == 0)
			name_module(p, p->units[i], &roots);
	map_release(&names);
	map_release(&roots);
}

static void
module_add(struct project *p, const char *name, struct unit *u)
{
	bool added;
	struct map_entry *e = map_add(p->modules, name, strlen(name), &added);

	if (added)
		e->value = u;
}

/* by its name in its package, and by its path from every folder above */
void
resolve_modules(struct project *p)
{
	const char *path, *slash;

	name_modules(p);
	for (size_t i = 0; i < p->nunits; i++)
		if (p->units[i]->module)
			module_add(p, p->units[i]->module, p->units[i]);
	for (size_t i = 0; i < p->nunits; i++) {
		if (!p->units[i]->module)
			continue;
		path = p->units[i]->path;
		module_add(p, dots(p, path), p->units[i]);
		while ((slash = strchr(path, '/'))) {
			path = slash + 1;
			if (strchr(path, '/'))
				module_add(p, dots(p, path), p->units[i]);
		}
	}
}

/* --- dotted names ---------------------------------------------------------------- */

/* ".db.x" seen from pkg.views is "pkg.db.x" */
void
resolve_absolute(const struct unit *from, const char *name, struct str *out)
{
	const char *module = from->module ? from->module : "";
	size_t n = strlen(module);
	unsigned up = 0;

	if (*name != '.') {
		str_puts(out, name);
		return;
	}
	while (*name == '.')
		name++, up++;
	if (from->package)
		up--;
	for (; up && n; up--) {
		while (n && module[n - 1] != '.')
			n--;
		if (n)
			n--;
	}
	str_add(out, module, n);
	if (n && *name)
		str_putc(out, '.');
	str_puts(out, name);
}

static struct symbol
of_binding(struct project *p, struct unit *u, const struct names_entry *e,
	int steps)
{
	const struct ir *ir = u->ir;

	if (!e || steps <= 0)
		return none;
	switch (e->type) {
	case NAMES_IMPORT:
		return dotted(p, u, e->target, steps - 1);
	case NAMES_VALUE:
		return (struct symbol){ SYMBOL_VALUE, u, e->node };
	case NAMES_LOCAL:
		if (ir_is(ir, e->node, IR_CLASS))
			return (struct symbol){ SYMBOL_CLASS, u, e->node };
		if (ir_is(ir, e->node, IR_FUNCTION))
			return (struct symbol){ SYMBOL_FUNCTION, u, e->node };
		if (ir_is(ir, e->node, IR_NAME) && e->scope)
			return (struct symbol){ SYMBOL_PARAMETER, u, e->node };
		return none;
	case NAMES_NONE:
		break;
	}
	return none;
}

static struct symbol
in_wildcards(struct project *p, struct unit *u, const char *name, int steps)
{
	const struct names_entry *e;
	struct symbol s = none;
	struct str full;

	str_init(&full, STR_LINE);
	for (size_t i = 0; i < names_count(u->names) && !s.type; i++) {
		e = names_at(u->names, i);
		if (e->type != NAMES_IMPORT || !str_ends(e->target, "*"))
			continue;
		str_clear(&full);
		str_add(&full, e->target, strlen(e->target) - 1);
		str_puts(&full, name);
		s = dotted(p, u, str_s(&full), steps - 1);
	}
	str_release(&full);
	return s;
}

static struct symbol
name_at(struct project *p, struct unit *u, const char *name, uint32_t at,
	int steps)
{
	const struct names_entry *e;
	uint32_t atom;

	if (steps <= 0 || !u->names)
		return none;
	atom = atoms_find(u->ir->atoms, name, strlen(name));
	e = atom ? names_lookup(u->names, atom, at) : NULL;
	if (e)
		return of_binding(p, u, e, steps);
	return in_wildcards(p, u, name, steps);
}

static struct symbol
class_member(struct project *p, struct unit *u, uint32_t class,
	const char *name, int steps)
{
	const struct names_entry *e;
	struct symbol base, s;
	uint32_t atom, bases;

	if (steps <= 0)
		return none;
	atom = atoms_find(u->ir->atoms, name, strlen(name));
	e = atom ? names_attribute(u->names, atom, class) : NULL;
	if (e)
		return of_binding(p, u, e, steps);
	bases = ir_child(u->ir, class, IR_F_SUPERCLASSES);
	if (!bases)
		return none;
	IR_EACH(u->ir, b, bases) {
		base = expr(p, u, b, steps - 1);
		if (base.type != SYMBOL_CLASS || base.node == class)
			continue;
		s = class_member(p, base.unit, base.node, name, steps - 1);
		if (s.type)
			return s;
	}
	return none;
}

static struct symbol
submodule(struct project *p, struct unit *u, const char *name)
{
	char *full = xasprintf("%s.%s", u->module, name);
	struct unit *sub = map_get(p->modules, full);

	free(full);
	return sub ? (struct symbol){ SYMBOL_MODULE, sub, 0 } : none;
}

/* the class whose instance the symbol is */
static struct symbol
instance(struct project *p, struct symbol s, int steps)
{
	const struct ir *ir;
	uint32_t parent, type;

	if (steps <= 0)
		return none;
	if (s.type == SYMBOL_INSTANCE)
		return (struct symbol){ SYMBOL_CLASS, s.unit, s.node };
	ir = s.unit ? s.unit->ir : NULL;
	if (s.type == SYMBOL_VALUE && (ir_is(ir, s.node, IR_CALL) ||
	    ir_is(ir, s.node, IR_AWAIT))) {
		if (ir_is(ir, s.node, IR_AWAIT))
			return none;
		s = expr(p, s.unit, ir_child(ir, s.node, IR_F_FUNCTION),
			steps - 1);
		return s.type == SYMBOL_CLASS ? s : none;
	}
	if (s.type == SYMBOL_PARAMETER) {
		parent = ir->nodes[s.node].parent;
		type = ir_child(ir, parent, IR_F_TYPE);
		if (!type)
			return none;
		s = expr(p, s.unit, type, steps - 1);
		return s.type == SYMBOL_CLASS ? s : none;
	}
	return none;
}

static struct symbol
member(struct project *p, struct symbol object, const char *name, int steps)
{
	struct symbol s;

	if (steps <= 0)
		return none;
	switch (object.type) {
	case SYMBOL_MODULE:
		s = name_at(p, object.unit, name, 0, steps - 1);
		return s.type ? s : submodule(p, object.unit, name);
	case SYMBOL_CLASS:
		return class_member(p, object.unit, object.node, name, steps);
	case SYMBOL_INSTANCE:
	case SYMBOL_VALUE:
	case SYMBOL_PARAMETER:
		s = instance(p, object, steps);
		if (s.type)
			return class_member(p, s.unit, s.node, name, steps);
		break;
	default:
		break;
	}
	return none;
}

/* the longest prefix that is a module, then member by member */
static struct symbol
dotted_absolute(struct project *p, const char *name, int steps)
{
	size_t n = strlen(name), end;
	struct map_entry *e = NULL;
	struct symbol s;
	char part[256];

	for (end = n; end; ) {
		e = map_find(p->modules, name, end);
		if (e)
			break;
		while (end && name[end - 1] != '.')
			end--;
		if (end)
			end--;
	}
	if (!e)
		return none;
	s = (struct symbol){ SYMBOL_MODULE, e->value, 0 };
	while (end < n && s.type) {
		size_t start = end + 1;

		for (end = start; end < n && name[end] != '.'; )
			end++;
		if (end - start >= sizeof(part))
			return none;
		memcpy(part, name + start, end - start);
		part[end - start] = '\0';
		s = member(p, s, part, steps - 1);
	}
	return s;
}

static struct symbol
dotted(struct project *p, struct unit *from, const char *name, int steps)
{
	struct symbol s;
	struct str full;

	if (steps <= 0)
		return none;
	str_init(&full, STR_LINE);
	resolve_absolute(from, name, &full);
	s = dotted_absolute(p, str_s(&full), steps);
	str_release(&full);
	return s;
}

/* --- expressions -------------------------------------------------------------------- */

static struct symbol
expr(struct project *p, struct unit *u, uint32_t n, int steps)
{
	const struct ir *ir = u->ir;
	uint32_t object, name, class;
	struct symbol s;

	if (!n || steps <= 0 || !u->names)
		return none;
	switch (ir->nodes[n].kind) {
	case IR_NAME:
		if (ir_named(ir, n, "self")) {
			class = ir_above(ir, n, IR_CLASS);
			if (class)
				return (struct symbol){ SYMBOL_INSTANCE, u,
					class };
		}
		s = name_at(p, u, ir_atom(ir, n, NULL), n, steps);
		/* a variable that stands for a class, function or module */
		if (s.type == SYMBOL_VALUE && s.node != n &&
		    (ir_is(s.unit->ir, s.node, IR_NAME) ||
		    ir_is(s.unit->ir, s.node, IR_MEMBER))) {
			struct symbol t = expr(p, s.unit, s.node, steps - 1);

			return t.type ? t : s;
		}
		return s;
	case IR_MEMBER:
		object = ir_child(ir, n, IR_F_OBJECT);
		name = ir_child(ir, n, IR_F_ATTRIBUTE);
		if (!object || !name)
			return none;
		return member(p, expr(p, u, object, steps - 1),
			ir_atom(ir, name, NULL), steps - 1);
	case IR_CALL:
		return (struct symbol){ SYMBOL_VALUE, u, n };
	}
	return none;
}

struct symbol
resolve(struct project *p, struct unit *u, uint32_t n)
{
	return expr(p, u, n, STEPS);
}

struct symbol
resolve_name(struct project *p, struct unit *u, const char *name, uint32_t at)
{
	return name_at(p, u, name, at, STEPS);
}

struct symbol
resolve_member(struct project *p, struct symbol object, const char *name)
{
	return member(p, object, name, STEPS);
}

/*
 * "pkg.ext.db.session" with db a value of our module pkg.ext: what db stands
 * for there, and ".session".  False: nothing to replace.
 */
static bool
expand(struct project *p, struct str *name)
{
	const char *text = str_s(name);
	size_t n = strcspn(text, "(["), end, start, stop;
	const struct names_entry *b;
	struct map_entry *e = NULL;
	struct unit *u;
	struct str rest, raw;
	uint32_t atom;
	bool done = false;

	for (end = n; end && !e; ) {
		while (end && text[end - 1] != '.')
			end--;
		if (!end)
			return false;
		e = map_find(p->modules, text, --end);
	}
	if (!e || ((struct unit *)e->value)->names == NULL)
		return false;
	u = e->value;
	start = end + 1;
	stop = start + strcspn(text + start, ".([");
	atom = atoms_find(u->ir->atoms, text + start, stop - start);
	b = atom ? names_lookup(u->names, atom, 0) : NULL;
	if (!b || (b->type != NAMES_IMPORT && b->type != NAMES_VALUE))
		return false;
	str_init(&rest, STR_LINE);
	str_init(&raw, STR_LINE);
	str_puts(&rest, text + stop);
	if (b->type == NAMES_IMPORT)
		done = str_puts(&raw, b->target) == 0;
	else
		done = names_dotted(u->names, b->node, &raw, NULL);
	if (done) {
		str_clear(name);
		resolve_absolute(u, str_s(&raw), name);
		str_puts(name, str_s(&rest));
	}
	str_release(&raw);
	str_release(&rest);
	return done;
}

bool
resolve_external(struct project *p, struct unit *u, uint32_t n,
	struct str *out, enum resolve_head *which)
{
	enum names_type head;
	struct str raw;
	bool found;

	if (!u->names)
		return false;
	str_clear(out);
	str_init(&raw, STR_LINE);
	found = names_dotted(u->names, n, &raw, &head);
	if (found)
		resolve_absolute(u, str_s(&raw), out);
	if (which)
		*which = head == NAMES_NONE ? HEAD_BUILTIN :
			head == NAMES_IMPORT ? HEAD_IMPORT : HEAD_LOCAL;
	for (int i = 0; found && head == NAMES_IMPORT && i < 4; i++)
		if (!expand(p, out))
			break;
	str_release(&raw);
	return found && !str_over(out);
}
