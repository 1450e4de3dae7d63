#include "smelt-intake/lint/prose.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "data/json.h"

static bool
is_word(char c)
{
	c = char_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		(unsigned char)c >= 0x80;
}

static bool
is_name(char c)
{
	return (is_word(c) && (unsigned char)c < 0x80) || c == '-';
}

void
prose_init(struct prose *p, const struct json *text)
{
	size_t n = json_len(text);

	p->at = json_str(text) ? json_str(text) : "";
	p->end = p->at + (n > PROSE_TEXT ? PROSE_TEXT : n);
	p->sentence = p->at;
	p->len = 0;
}

/* a line's end that begins a paragraph, an item, a row or code */
static bool
breaks_line(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at == end || strchr("\n-*#|>~+", *at) != NULL ||
		mem_starts(at, (size_t)(end - at), "```");
}

static bool
ends(const char *at, const char *end)
{
	if (*at == '\n')
		return breaks_line(at + 1, end);
	if (!strchr(".!?;", *at))
		return false;
	return at + 1 == end || strchr(" \n\t\r", at[1]) != NULL;
}

static void
take_words(struct prose *p)
{
	size_t i, n = 0;

	p->words[n++] = ' ';
	for (i = 0; i < p->len && n < PROSE_SENTENCE; i++) {
		if (is_word(p->sentence[i]))
			p->words[n++] = char_lower(p->sentence[i]);
		else if (p->sentence[i] != '\'' && p->words[n - 1] != ' ')
			p->words[n++] = ' ';
	}
	if (p->words[n - 1] != ' ')
		p->words[n++] = ' ';
	p->words[n] = '\0';
}

bool
prose_next(struct prose *p)
{
	const char *at = p->at;

	if (at == p->end)
		return false;
	p->sentence = at;
	while (at < p->end && !ends(at, p->end))
		at++;
	p->len = (size_t)(at - p->sentence);
	p->at = at < p->end ? at + 1 : at;
	take_words(p);
	return true;
}

const char *
prose_has(const struct prose *p, const struct json *phrases)
{
	struct json_iter it;
	const char *phrase, *at;
	size_t n;

	for (json_each(&it, phrases); json_next(&it); ) {
		phrase = json_str(it.value);
		n = json_len(it.value);
		for (at = phrase ? strstr(p->words, phrase) : NULL; n && at;
		    at = strstr(at + 1, phrase))
			if (at[-1] == ' ' && at[n] == ' ')
				return phrase;
	}
	return NULL;
}

/* "Notion-Version", "X-Api-Key", "x-api-key": made of words that begin with
 * capitals, or with x- before them */
static bool
is_header(const char *name, size_t n)
{
	bool x = n > 2 && char_lower(name[0]) == 'x' && name[1] == '-';
	bool hyphen = false, letter = false;
	size_t i;

	if (n < 4 || n >= PROSE_NAME || name[0] == '-' || name[n - 1] == '-')
		return false;
	for (i = 0; i < n; i++) {
		if (name[i] == '-' && (name[i + 1] == '-'))
			return false;
		hyphen |= name[i] == '-';
		letter |= i > 1 && char_lower(name[i]) >= 'a';
		if (!x && (i == 0 || name[i - 1] == '-') &&
		    !(name[i] >= 'A' && name[i] <= 'Z'))
			return false;
	}
	return hyphen && letter;
}

static bool
is_quote(char c)
{
	return c == '`' || c == '\'' || c == '"';
}

/* behind the name: skip what marks it, and up to one word of a kind */
static bool
header_follows(const char *at, const char *end)
{
	static const char *const kinds[] = { "http ", "request ", "custom ",
		"" };
	size_t i, n, left;

	if (at < end && *at == ':')
		while (at < end && !is_quote(*at) && *at != '\n')
			at++;
	while (at < end && strchr("`'\"*_)> \t\n", *at))
		at++;
	left = (size_t)(end - at);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		n = strlen(kinds[i]);
		if (left >= n + 6 && strncasecmp(at, kinds[i], n) == 0 &&
		    strncasecmp(at + n, "header", 6) == 0)
			return left == n + 6 || !is_name(at[n + 6]) ||
				char_lower(at[n + 6]) == 's';
	}
	return false;
}

/* before the name: "header", "header named", "the header field" … */
static bool
header_precedes(const char *begin, const char *at)
{
	static const char *const words[] = { "header", "headers",
		"header named", "header called", "header field", "header name",
		"header of", "header parameter" };
	size_t i, n;

	while (at > begin && strchr("`'\"*_(< :\t\n", at[-1]))
		at--;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		n = strlen(words[i]);
		if ((size_t)(at - begin) >= n && strncasecmp(at - n, words[i],
		    n) == 0 && (at - n == begin || !is_name(at[-1 - (int)n])))
			return true;
	}
	return false;
}

/* before the name: an option of curl */
static bool
option_precedes(const char *begin, const char *at)
{
	while (at > begin && strchr("'\" ", at[-1]))
		at--;
	return (at - begin >= 2 && memcmp(at - 2, "-H", 2) == 0) ||
		(at - begin >= 8 && memcmp(at - 8, "--header", 8) == 0);
}

/* ": value" behind the name */
static void
take_value(const char *at, const char *end, char value[PROSE_NAME])
{
	size_t n = 0;

	value[0] = '\0';
	if (at == end || *at != ':')
		return;
	for (at++; at < end && *at == ' '; at++)
		;
	while (at + n < end && n < PROSE_NAME - 1 && !is_quote(at[n]) &&
	    (unsigned char)at[n] > ' ' && (unsigned char)at[n] < 0x7f)
		n++;
	memcpy(value, at, n);
	value[n] = '\0';
}

static bool
is_required(const struct prose *p)
{
	return strstr(p->words, " must ") || strstr(p->words, " required ") ||
		strstr(p->words, " mandatory ") ||
		strstr(p->words, " requires ");
}

bool
prose_header(const struct prose *p, size_t *at, struct prose_header *h)
{
	const char *end = p->sentence + p->len, *name, *behind;

	for (name = p->sentence + *at; name < end; name = behind) {
		for (behind = name; behind < end && is_name(*behind); )
			behind++;
		if (behind == name) {
			behind++;
			continue;
		}
		if (!is_header(name, (size_t)(behind - name)))
			continue;
		if (!header_follows(behind, end) &&
		    !header_precedes(p->sentence, name) &&
		    !option_precedes(p->sentence, name))
			continue;
		memcpy(h->name, name, (size_t)(behind - name));
		h->name[behind - name] = '\0';
		take_value(behind, end, h->value);
		h->required = is_required(p);
		*at = (size_t)(behind - p->sentence);
		return true;
	}
	return false;
}

bool
prose_authorization(const struct prose *p, char prefix[PROSE_NAME])
{
	static const char name[] = "authorization";
	const char *at = p->sentence, *end = at + p->len;
	size_t n = 0;

	prefix[0] = '\0';
	if (!strstr(p->words, " authorization "))
		return false;
	for (; end - at > (long)sizeof(name); at++)
		if (strncasecmp(at, name, sizeof(name) - 1) == 0 &&
		    at[sizeof(name) - 1] == ':')
			break;
	if (end - at <= (long)sizeof(name))
		return strstr(p->words, " authorization header ") ||
			strstr(p->words, " header authorization ");
	for (at += sizeof(name); at < end && strchr(" `'\"*", *at); at++)
		;
	while (at + n < end && n < PROSE_NAME - 1 && is_name(at[n]))
		n++;
	/* a word alone is the credential, not what stands before it */
	if (n && at + n < end && (at[n] == ' ' || at[n] == ' '))
		memcpy(prefix, at, n), prefix[n] = '\0';
	return true;
}
