/* base: strings, maps, encodings, paths, arenas, output files */
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "tap.h"

/* with room for it and without */
static void
formatted(void)
{
	struct str s, want;
	int i, bad = 0;

	str_init(&s, 4096);
	str_init(&want, 4096);
	for (i = 0; i < 400; i++) {
		str_addf(&s, "%d,", i);
		str_puts(&want, (char[]){ (char)('0' + i / 100),
			(char)('0' + i / 10 % 10), (char)('0' + i % 10), ',',
			'\0' } + (i < 10 ? 2 : i < 100 ? 1 : 0));
		bad += s.len != want.len ||
			strcmp(str_s(&s), str_s(&want)) != 0;
	}
	is_int(bad, 0, "formatted into a string that grows");
	str_release(&s);
	str_release(&want);
}

static void
strings(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct str s;

	str_init(&s, 8);
	is(str_s(&s), "", "an empty string is not NULL");
	is_int(str_puts(&s, "12345678"), 0, "up to the maximum");
	is_int(str_putc(&s, '9'), -1, "not over it");
	ok(str_over(&s), "over is remembered");
	is(str_s(&s), "12345678", "and nothing was added");
	str_clear(&s);
	str_addf(&s, "%d-%s", 42, "ab");
	is(str_s(&s), "42-ab", "formatted");
	is_int(str_addf(&s, "%s", "1234"), -1, "not over the maximum");
	is(str_s(&s), "42-ab", "and nothing was added");
	str_release(&s);
	formatted();
	ok(mem_starts("abc", 3, "ab") && !mem_starts("a", 1, "ab"),
		"prefix of bytes");
	ok(str_ends("a.json", ".json") && !str_ends("n", ".json"),
		"suffix");
	ok(str_in("b", list) && !str_in("c", list) && !str_in(NULL, list),
		"one of a list");
	ok(char_lower('Z') == 'z' && char_lower('[') == '[' &&
		char_lower('z') == 'z', "lower case");
}

static void
maps(void)
{
	struct map m = { 0 };
	char key[16];
	bool added, all = true;
	uintptr_t i;

	for (i = 1; i <= 5000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)i);
		map_put(&m, key, (void *)i);
	}
	for (i = 1; i <= 5000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)i);
		all = all && map_get(&m, key) == (void *)i;
	}
	ok(all, "5000 keys are found again");
	is(m.entries[4999].key, "k5000", "in order of insertion");
	ok(!map_get(&m, "k0"), "an absent key");
	map_add(&m, "k7", 2, &added);
	ok(!added, "a known key is not added");
	map_add(&m, "a\0b", 3, &added);
	ok(added && map_find(&m, "a\0b", 3) && !map_find(&m, "a\0c", 3),
		"keys may hold NUL");
	ok(!map_get(&m, NULL) && !map_has(&m, NULL), "NULL is no key");
	map_add(&m, "", 0, NULL);
	ok(map_find(&m, NULL, 0) && !map_get(&m, NULL), "an empty one is");
	map_release(&m);
}

static void
utf8(void)
{
	static const struct {
		const char *text;
		size_t n;
		bool valid;
	} cases[] = {
		{ "plain", 5, true }, { "\xc3\xa9", 2, true },
		{ "\xf0\x9f\x98\x80", 4, true }, { "\xc0\x80", 2, false },
		{ "\xed\xa0\x80", 3, false }, { "\xf4\x90\x80\x80", 4, false },
		{ "\xe2\x82", 2, false }, { "\xff", 1, false },
		{ "12345678\x80", 9, false }
	};
	unsigned line, col;
	struct lines l;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(utf8_valid(cases[i].text, cases[i].n) == cases[i].valid,
			cases[i].valid ? "valid UTF-8" : "invalid UTF-8");
	is_int((long long)utf16_length("a\xf0\x9f\x98\x80z", 6), 4,
		"an astral character is two units");
	text_position("ab\n\xc3\xa9x", 6, 5, &line, &col);
	ok(line == 2 && col == 2, "position counts characters");
	lines_init(&l, "ab\n\xc3\xa9x", 6);
	lines_position(&l, 5, &line, &col);
	ok(line == 2 && col == 2, "also by line table");
	lines_position(&l, 99, &line, &col);
	ok(line == 2 && col == 3, "an offset behind the end is the end");
	lines_release(&l);
}

/* a line so long that it is measured in steps */
static void
long_lines(void)
{
	enum { N = 20000 };
	char *text = xmalloc(N + 1);
	unsigned line, col, want = 1;
	size_t i, bad = 0;
	struct lines l;

	memset(text, 'x', N);
	for (i = 5; i + 4 < N; i += 61)
		memcpy(text + i, "\xf0\x9f\x98\x80", 4);
	for (i = 30; i + 2 < N; i += 4093)
		memcpy(text + i, "\xc3\xa9", 2);
	text[N] = '\0';
	lines_init(&l, text, N);
	for (i = 0; i < N; i++) {
		if (((unsigned char)text[i] & 0xc0) == 0x80)
			continue;
		lines_position(&l, i, &line, &col);
		bad += line != 1 || col != want;
		want += (unsigned char)text[i] >= 0xf0 ? 2 : 1;
	}
	is_int((long long)bad, 0, "columns of a long line");
	lines_release(&l);
	free(text);
}

static void
base64(void)
{
	static const char *const plain[] = { "", "f", "fo", "foo", "foob",
		"fooba", "foobar" };
	static const char *const coded[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };	/* RFC 4648, 10 */
	static const char *const bad[] = { "Z", "Zg=", "Zg", "Zh==", "Zm9=",
		"Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n" };
	struct str s;
	size_t i;

	str_init(&s, 64);
	for (i = 0; i < 7; i++) {
		str_clear(&s);
		base64_encode(&s, plain[i], strlen(plain[i]));
		is(str_s(&s), coded[i], "base64 encoded");
		str_clear(&s);
		ok(base64_decode(&s, coded[i], strlen(coded[i])) == 0 &&
			!strcmp(str_s(&s), plain[i]), "and decoded");
	}
	str_clear(&s);
	percent_decode(&s, "%41%c3%A9%2%zz%", 15);
	is(str_s(&s), "A\xc3\xa9%2%zz%", "percent decoded");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		str_clear(&s);
		is_int(base64_decode(&s, bad[i], strlen(bad[i])), -1,
			"not base64");
	}
	str_clear(&s);
	hex_encode(&s, "\x00\xff\x1a", 3);
	is(str_s(&s), "00ff1a", "hex");
	str_release(&s);
}

static void
hashes(void)
{
	char hex[SHA256_HEX + 1];
	struct sha256 h;

	/* FIPS 180-4 example */
	sha256_hex("abc", 3, hex);
	is(hex, "ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad", "SHA-256 of abc");
	sha256_init(&h);
	sha256_add(&h, "a", 1);
	sha256_add(&h, "bc", 2);
	sha256_final_hex(&h, hex);
	is(hex, "ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad", "in parts");
}

static void
paths(void)
{
	static const char *const dirty[] = { "", "/a", "a//b", "a/", ".",
		"..", "a/../b", "a/./b", "a\\b", "a\nb", "\xff" };
	struct str s;
	size_t i;

	for (i = 0; i < sizeof(dirty) / sizeof(dirty[0]); i++)
		ok(!path_is_clean(dirty[i], strlen(dirty[i])),
			"not a clean path");
	ok(path_is_clean("a/b.c/..d", 9), "a clean path");
	is(path_base("a/b/"), "b/", "base");
	is(path_ext("x/y.tar.gz"), "gz", "extension");
	is(path_ext(".bashrc"), "", "a dot file has none");
	str_init(&s, STR_LINE);
	path_server_name(&s, "  Pet Store: API v2! ");
	is(str_s(&s), "pet-store-api-v2", "a server name from a title");
	str_clear(&s);
	path_server_name(&s, "\xe2\x98\x83");
	is(str_s(&s), "server", "or none");
	str_clear(&s);
	path_server_name(&s, "flight-most-booked-destinations.v1");
	is(str_s(&s), "flight-most-booked", "a long one is cut at a word");
	str_clear(&s);
	path_server_name(&s, "abcdefghijklmnopqrstuvwxyz");
	is(str_s(&s), "abcdefghijklmnopqrstuvwx", "or where it must");
	ok(path_is_server_name("a-1") && !path_is_server_name("-a") &&
		!path_is_server_name("A") && !path_is_server_name("a.b") &&
		!path_is_server_name(""), "server names");
	str_release(&s);
}

static void
arenas(void)
{
	struct arena a = { 0 };
	char *p, *q;
	int i;

	p = arena_strdup(&a, "first");
	q = arena_alloc(&a, 1000 * 1000);
	q[999999] = 1;
	for (i = 0; i < 10000; i++)
		arena_printf(&a, "%d", i);
	is(p, "first", "earlier objects stay");
	ok((uintptr_t)arena_alloc(&a, 1) % 16 == 0, "aligned");
	arena_reset(&a);
	p = arena_alloc(&a, 64);
	ok(p[0] == 0 && p[63] == 0, "zeroed after a reset");
	arena_release(&a);
}

static void
escapes(void)
{
	static const char nasty[] = "a\x1b[31m\xe2\x80\xae\xff\n\xc3\xa9";
	struct str s;

	str_init(&s, STR_LINE);
	diag_escape(&s, nasty, sizeof(nasty) - 1);
	is(str_s(&s), "a\\x1b[31m\\u{202e}\\xff \xc3\xa9",
		"nothing drives the terminal");
	str_release(&s);
}

static void
files(void)
{
	char dir[] = "/tmp/smelt-unit-XXXXXX", path[64], link[64];
	struct outfile o;
	struct str s;
	struct err err;
	struct stat st;
	char **names;
	size_t n;

	if (!ok(mkdtemp(dir) != NULL, "a directory"))
		return;
	snprintf(path, sizeof(path), "%s/f", dir);
	snprintf(link, sizeof(link), "%s/none/f", dir);
	ok(outfile_open(&o, path, &err) == 0, "opened");
	outfile_write(&o, "text", 4);
	ok(stat(path, &st) != 0, "nothing there before the commit");
	ok(outfile_commit(&o, &err) == 0, "committed");
	str_init(&s, 4);
	ok(io_read(path, &s, &err) == 0 && !strcmp(str_s(&s), "text"),
		"read back, just at the limit");
	str_release(&s);
	str_init(&s, 3);
	is_int(io_read(path, &s, &err), -1, "one byte over the limit");
	is(err.text, "larger than 3 bytes", "says so");
	ok(outfile_open(&o, path, &err) == 0, "opened again");
	outfile_write(&o, "other", 5);
	outfile_abort(&o);
	str_release(&s);
	str_init(&s, 64);
	io_read(path, &s, &err);
	is(str_s(&s), "text", "an aborted file changes nothing");
	is_int(outfile_open(&o, link, &err), -1, "no such directory");
	is_int(io_read(dir, &s, &err), -1, "a directory is not read");
	ok(outfile_open(&o, "/dev/full", &err) == 0, "a full device");
	outfile_write(&o, "x", 1);
	is_int(outfile_commit(&o, &err), -1, "is an error at the commit");
	str_release(&s);
	ok(io_list(dir, "f", &names, &n, &err) == 0 && n == 1 &&
		!strcmp(names[0], path), "the names of a directory");
	free(names[0]);
	free(names);
	ok(io_list(dir, ".x", &names, &n, &err) == 0 && n == 0 && !names,
		"none of them has that suffix");
	is_int(io_list(path, "", &names, &n, &err), -1, "a file has none");
	unlink(path);
	ok(rmdir(dir) == 0, "no temporary file is left");
}

int
main(void)
{
	strings();
	maps();
	utf8();
	long_lines();
	base64();
	hashes();
	paths();
	arenas();
	escapes();
	files();
	return done_testing();
}
