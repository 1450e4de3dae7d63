#include "smelt-intake/docs/pages.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/docs/catalogue.h"
#include "smelt-intake/docs/text.h"
#include "smelt-intake/request.h"
#include "sys/http.h"
#include "sys/url.h"

enum { PAGE_MAX = 16 * 1024 * 1024, FETCH_SECONDS = 60 };

struct opener {
	struct pages *pages;
	const struct request *request;
};

static struct page *
new_page(struct pages *p)
{
	struct page *page;

	p->list = vec_grow(p->list, p->n, &p->cap, sizeof(*p->list));
	page = &p->list[p->n++];
	memset(page, 0, sizeof(*page));
	page->bytes = xmalloc(sizeof(*page->bytes));
	str_init(page->bytes, PAGE_MAX);
	return page;
}

static int
fetch(void *arg, const char *url, struct err *err)
{
	struct opener *o = arg;
	const struct request *q = o->request;
	struct http_request r = {
		.url = url, .max = PAGE_MAX, .allow_http = q->allow_http,
		.seconds = q->timeout ? (unsigned)q->timeout : FETCH_SECONDS,
		.hosts = q->hosts->items, .nhosts = q->hosts->n
	};
	struct page *page = new_page(o->pages);
	struct str safe;

	str_init(&safe, STR_LINE);
	url_safe(&safe, url);
	page->label = str_detach(&safe);
	page->media_type = xmalloc(sizeof(*page->media_type));
	str_init(page->media_type, STR_LINE);
	return http_get(&r, page->bytes, page->media_type, err);
}

static int
read_file(struct opener *o, const char *path, struct err *err)
{
	struct page *page = new_page(o->pages);

	page->label = xstrdup(path[0] == '/' ? path_base(path) : path);
	return io_read(path, page->bytes, err);
}

int
pages_open(struct pages *p, const struct request *q,
	const struct catalogue *c, struct err *err)
{
	struct opener o = { p, q };
	const char *item;
	size_t i;
	int rc = 0;

	for (i = 0; i < q->docs->n && rc == 0; i++) {
		item = q->docs->items[i];
		rc = url_is_http(item) ? fetch(&o, item, err) :
			read_file(&o, item, err);
	}
	if (rc == 0 && q->fetch_docs)
		rc = catalogue_urls(c, fetch, &o, err);
	return rc;
}

int
pages_add(const struct pages *p, struct source *s, struct err *err)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (text_add_page(s, &p->list[i], err) < 0)
			return -1;
	return 0;
}

void
pages_release(struct pages *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		page_release(&p->list[i]);
	free(p->list);
	memset(p, 0, sizeof(*p));
}
