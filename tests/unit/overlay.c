#include "data/overlay.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"
#include "tap.h"

/* Actions that are carried out together give what they give one by one. */
static uint64_t state;

static unsigned
below(unsigned n)
{
	state = state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (unsigned)(state >> 33) % n;
}

static void
put_value(struct str *out, int depth)
{
	unsigned n = below(4), i;

	switch (depth > 0 ? below(4) : 3) {
	case 0:
	case 1:
		str_putc(out, '{');
		for (i = 0; i < n; i++) {
			str_addf(out, "%s\"%c\":", i ? "," : "",
				"abcd"[(i + n) % 4]);
			put_value(out, depth - 1);
		}
		str_putc(out, '}');
		return;
	case 2:
		str_putc(out, '[');
		for (i = 0; i < n; i++) {
			if (i)
				str_putc(out, ',');
			put_value(out, depth - 1);
		}
		str_putc(out, ']');
		return;
	default:
		str_puts(out, below(2) ? "1" : "\"x\"");
	}
}

static void
put_target(struct str *out)
{
	static const char *const steps[] = { ".a", ".b", ".c", ".d", ".a",
		".b", "[0]", "[1]", "[-1]", ".*", "..a", "[?@.a]",
		"[?@.b == 'x']", "[?@ == 1]", "[?@.a == @.b]",
		"[?$.a.b == @.a]", "['c']" };
	unsigned n = below(4);

	str_putc(out, '$');
	while (n--)
		str_puts(out, steps[below(sizeof(steps) / sizeof(*steps))]);
}

static void
put_action(struct str *out)
{
	str_puts(out, "{\"target\":\"");
	put_target(out);
	str_puts(out, "\",");
	if (below(3) == 0) {
		str_puts(out, "\"remove\":true}");
		return;
	}
	str_puts(out, "\"update\":{\"a\":");
	put_value(out, 2);
	if (below(2)) {
		str_puts(out, ",\"b\":");
		put_value(out, 2);
	}
	str_puts(out, "}}");
}

/* Apply the actions from on, to at most, to d: false if they are refused. */
static bool
apply(struct document *d, char actions[][512], unsigned from, unsigned to)
{
	struct document overlay;
	struct str text;
	struct err err;
	unsigned i;
	int rc;

	str_init(&text, STR_RECORD);
	str_puts(&text, "{\"overlay\":\"1.0.0\",\"actions\":[");
	for (i = from; i < to; i++)
		str_addf(&text, "%s%s", i > from ? "," : "", actions[i]);
	str_puts(&text, "]}");
	rc = document_parse(&overlay, str_s(&text), text.len, "o", &err);
	if (rc == 0)
		rc = overlay_apply(d, &overlay, "o", 1, NULL, &err);
	document_release(&overlay);
	str_release(&text);
	return rc == 0;
}

static bool
same(const struct str *text, char actions[][512], unsigned n)
{
	struct document one, all;
	struct str a, b;
	struct err err;
	bool good = true, equal;
	unsigned i;

	document_parse(&one, str_s(text), text->len, "d", &err);
	document_parse(&all, str_s(text), text->len, "d", &err);
	for (i = 0; i < n && good; i++)
		good = apply(&one, actions, i, i + 1);
	equal = apply(&all, actions, 0, n) == good;
	str_init(&a, STR_RECORD);
	str_init(&b, STR_RECORD);
	json_write(&a, document_root(&one));
	json_write(&b, document_root(&all));
	if (good && equal)
		equal = strcmp(str_s(&a), str_s(&b)) == 0;
	if (!equal) {
		tap_show("document:", str_s(text));
		for (i = 0; i < n; i++)
			tap_show("action:", actions[i]);
		tap_show("one by one:", str_s(&a));
		tap_show("together:", str_s(&b));
	}
	document_release(&one);
	document_release(&all);
	str_release(&a);
	str_release(&b);
	return equal;
}

int
main(void)
{
	static char actions[6][512];
	unsigned wrong = 0, i, j, n;
	struct str text, action;

	str_init(&text, STR_RECORD);
	str_init(&action, 500);
	for (i = 0; i < 60000 && wrong < 5; i++) {
		state = i;
		str_clear(&text);
		str_puts(&text, "{\"a\":");
		put_value(&text, 4);
		str_puts(&text, ",\"b\":");
		put_value(&text, 4);
		str_puts(&text, "}");
		n = 2 + below(5);
		for (j = 0; j < n; j++) {
			do {
				str_clear(&action);
				put_action(&action);
			} while (str_over(&action));
			memcpy(actions[j], str_s(&action), action.len + 1);
		}
		wrong += !same(&text, actions, n);
	}
	ok(wrong == 0, "60000 random overlays: together as one by one");
	str_release(&text);
	str_release(&action);
	return done_testing();
}
