#include "smelt-intake/deps/depfile.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "smelt-intake/deps/dep.h"
#include "smelt-intake/source.h"

enum { EXPANSIONS = 16, VALUE_MAX = 1024 };

static void
refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *external,
	const xmlChar *system)
{
	xmlParserCtxt *c = ctx;
	bool *met = c->_private;

	(void)name;
	(void)external;
	(void)system;
	*met = true;
	xmlStopParser(c);
}

static xmlNode *
child(const xmlNode *n, const char *name)
{
	xmlNode *c;

	for (c = n ? n->children : NULL; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE &&
		    strcmp((const char *)c->name, name) == 0)
			return c;
	return NULL;
}

/* The text of an element, without blanks around; NULL for none. */
static char *
raw_text(const xmlNode *n)
{
	xmlChar *content = n ? xmlNodeGetContent(n) : NULL;
	char *out = NULL;
	size_t len;

	if (content) {
		const char *p = (const char *)content;

		p += strspn(p, " \t\r\n");
		len = strlen(p);
		while (len && strchr(" \t\r\n", p[len - 1]))
			len--;
		if (len && len <= VALUE_MAX)
			out = xstrndup(p, len);
		xmlFree(content);
	}
	return out;
}

struct pom {
	const xmlNode *project;
	struct map properties;	/* name -> xmlNode */
	struct map managed;	/* "group:artifact" -> the version's xmlNode */
};

/* The value of a property: of <properties>, or of the project itself. */
static char *
property(const struct pom *pom, const char *name, size_t n)
{
	char *key = xstrndup(name, n), *out;
	const char *own;
	xmlNode *v = map_get(&pom->properties, key);

	if (!v && (str_starts(key, "project.") || str_starts(key, "pom."))) {
		own = strchr(key, '.') + 1;
		v = str_starts(own, "parent.") ?
			child(child(pom->project, "parent"), own + 7) :
			child(pom->project, own);
		if (!v)
			v = child(child(pom->project, "parent"), own);
	}
	out = raw_text(v);
	free(key);
	return out;
}

/* Text with ${...} replaced; what is not known stays. */
static char *
expanded(const struct pom *pom, const xmlNode *n)
{
	char *text = raw_text(n), *value, *next;
	const char *from, *to;
	int left;

	for (left = EXPANSIONS; text && left; left--) {
		from = strstr(text, "${");
		to = from ? strchr(from, '}') : NULL;
		value = to ? property(pom, from + 2,
			(size_t)(to - from) - 2) : NULL;
		if (!value)
			break;
		next = xasprintf("%.*s%s%s", (int)(from - text), text, value,
			to + 1);
		free(value);
		free(text);
		text = next;
		if (strlen(text) > VALUE_MAX)
			break;
	}
	return text;
}

/* "group:artifact", or NULL; free it. */
static char *
coordinates(const struct pom *pom, const xmlNode *n)
{
	char *group = expanded(pom, child(n, "groupId"));
	char *artifact = expanded(pom, child(n, "artifactId"));
	char *out = group && artifact ? xasprintf("%s:%s", group, artifact) :
		NULL;

	free(group);
	free(artifact);
	return out;
}

static void
gather(struct pom *pom)
{
	xmlNode *n = child(pom->project, "properties");
	char *name;

	for (n = n ? n->children : NULL; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			map_put(&pom->properties, (const char *)n->name, n);
	n = child(child(pom->project, "dependencyManagement"),
		"dependencies");
	for (n = n ? n->children : NULL; n; n = n->next) {
		name = n->type == XML_ELEMENT_NODE ? coordinates(pom, n) :
			NULL;
		if (name && !map_has(&pom->managed, name))
			map_put(&pom->managed, name, child(n, "version"));
		free(name);
	}
}

static const char *
scope_of(const xmlNode *n)
{
	char *scope = raw_text(child(n, "scope"));
	char *optional = raw_text(child(n, "optional"));
	const char *out = "runtime";

	if (scope && strcmp(scope, "test") == 0)
		out = "dev";
	else if (optional && strcmp(optional, "true") == 0)
		out = "optional";
	free(scope);
	free(optional);
	return out;
}

static void
dependency(struct source *s, const struct file *f, const struct pom *pom,
	xmlNode *n)
{
	char *name = coordinates(pom, n);
	char *version = expanded(pom, child(n, "version"));
	unsigned line = (unsigned)xmlGetLineNo(n);
	struct dep *d;

	if (name) {
		if (!version)
			version = expanded(pom, map_get(&pom->managed, name));
		d = dep_add(s, "Maven", name, strlen(name), f->path);
		d->direct = true;
		d->scope = scope_of(n);
		line = line ? line : 1;
		dep_place(d, line, 1, line, 1);
		/* ranges and unknown properties are no version */
		if (version && strpbrk(version, "[(,${"))
			dep_set(&d->requirement, version, strlen(version));
		else if (version)
			dep_set(&d->version, version, strlen(version));
	}
	free(name);
	free(version);
}

static int
parse(const struct file *f, xmlDoc **doc, struct err *err)
{
	xmlParserCtxt *c = xmlNewParserCtxt();
	const xmlError *problem;
	bool doctype = false;
	int rc = 0;

	*doc = NULL;
	if (!c || f->size > INT_MAX) {
		xmlFreeParserCtxt(c);
		return err_at(err, f->path, 0, 0, "cannot start libxml2");
	}
	c->_private = &doctype;
	c->sax->internalSubset = refuse_doctype;
	*doc = xmlCtxtReadMemory(c, f->text, (int)f->size, NULL, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
		XML_PARSE_COMPACT);
	problem = xmlCtxtGetLastError(c);
	if (doctype)
		rc = err_at(err, f->path, (unsigned)(c->input ?
			c->input->line : 1), 1, "a DOCTYPE is not read: its "
			"dependencies are not known");
	else if (!*doc)
		rc = err_at(err, f->path, problem && problem->line > 0 ?
			(unsigned)problem->line : 1, 1, "not XML: its "
			"dependencies are not known");
	if (rc < 0 && *doc) {
		xmlFreeDoc(*doc);
		*doc = NULL;
	}
	xmlFreeParserCtxt(c);
	return rc;
}

int
mavendep_pom(struct source *s, const struct file *f, struct err *err)
{
	struct pom pom = { 0 };
	xmlNode *n;
	xmlDoc *doc;

	if (parse(f, &doc, err) < 0)
		return -1;
	pom.project = xmlDocGetRootElement(doc);
	gather(&pom);
	n = child(pom.project, "dependencies");
	for (n = n ? n->children : NULL; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE &&
		    strcmp((const char *)n->name, "dependency") == 0)
			dependency(s, f, &pom, n);
	map_release(&pom.properties);
	map_release(&pom.managed);
	xmlFreeDoc(doc);
	return 0;
}
