/*
 * repo_each() over object stores that git(1) has written, held against what
 * git lists, and over packs whose deltas lie.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "sys/repo.h"
#include "tap.h"

static struct err err;

/* "hex type size" lines of what is met. */
struct met {
	struct repo *r;
	struct str lines;
	bool wrong;		/* a content that its name does not fit */
};

static int
on_object(void *arg, const struct repo_object *o)
{
	static const char *const types[] = { "", "commit", "tree", "blob",
		"tag" };
	struct met *m = arg;
	char hex[REPO_HEX + 1];
	struct oid name;

	repo_hex(m->r, &o->oid, hex);
	str_addf(&m->lines, "%s %s %zu\n", hex, types[o->type], o->len);
	if (o->type != REPO_BLOB)
		return 0;
	repo_blob_name(m->r, o->data, o->len, &name);
	m->wrong = m->wrong || memcmp(&name, &o->oid, sizeof(name));
	return 0;
}

static int
run(const char *cmd)
{
	struct str s;
	int rc;

	str_init(&s, STR_LINE);
	str_addf(&s, "exec 2>>log; export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 "
		"GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org "
		"GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org; "
		"%s", cmd);
	rc = system(str_s(&s));
	str_release(&s);
	return rc;
}

static bool
each(const char *gitdir, unsigned types, size_t max, struct met *m,
	struct repo_losses *losses)
{
	struct repo repo;
	int rc;

	memset(m, 0, sizeof(*m));
	str_init(&m->lines, STR_RECORD);
	if (repo_open(&repo, gitdir, &err) < 0)
		return false;
	m->r = &repo;
	rc = repo_each(&repo, types, max, on_object, m, losses, &err);
	repo_close(&repo);
	return rc == 0;
}

/* Is what we met what git lists, sorted? */
static void
compare(const char *gitdir, unsigned types, const char *filter,
	const char *name)
{
	struct repo_losses losses;
	struct met m;
	char cmd[512];

	ok(each(gitdir, types, 1 << 24, &m, &losses), name);
	io_write("met", str_s(&m.lines), m.lines.len, &err);
	snprintf(cmd, sizeof(cmd), "sort -u met >a; sort met | cmp - a && "
		"git --git-dir=%s cat-file --batch-all-objects "
		"--batch-check='%%(objectname) %%(objecttype) "
		"%%(objectsize)' | grep -E '%s' | sort >b; cmp a b && "
		"test -s a", gitdir, filter);
	ok(run(cmd) == 0, "  the objects that git lists, each once");
	ok(!m.wrong && !losses.large && !losses.damaged,
		"  with the contents that their names say");
	str_release(&m.lines);
}

/* --- a pack written by hand --------------------------------------------------- */
static void
be32(struct str *s, uint32_t n)
{
	str_putc(s, (char)(n >> 24));
	str_putc(s, (char)(n >> 16));
	str_putc(s, (char)(n >> 8));
	str_putc(s, (char)n);
}

/* A delta to an object by name: type 7, n < 16 bytes. */
static void
ref_delta(struct str *pack, char base, const char *delta, size_t n)
{
	unsigned char z[64];
	uLongf size = sizeof(z);

	str_putc(pack, (char)(7 << 4 | n));
	for (int i = 0; i < 20; i++)
		str_putc(pack, base);
	compress(z, &size, (const unsigned char *)delta, n);
	str_add(pack, z, size);
}

/* Objects 0x11… and 0x22…, deltas on each other; a third on itself. */
static void
write_circle(void)
{
	static const char names[] = { 0x11, 0x22, 0x33 };
	static const char bases[] = { 0x22, 0x11, 0x33 };
	struct str pack, idx;
	uint32_t at[3];

	str_init(&pack, STR_LINE);
	str_init(&idx, STR_LINE);
	str_puts(&pack, "PACK");
	be32(&pack, 2);
	be32(&pack, 3);
	for (int i = 0; i < 3; i++) {
		at[i] = (uint32_t)pack.len;
		ref_delta(&pack, bases[i], "\1\1\1x", 4);
	}
	str_add(&idx, "\377tOc", 4);
	be32(&idx, 2);
	for (unsigned i = 0; i < 256; i++)
		be32(&idx, i < 0x11 ? 0 : i < 0x22 ? 1 : i < 0x33 ? 2 : 3);
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 20; k++)
			str_putc(&idx, names[i]);
	for (int i = 0; i < 3; i++)
		be32(&idx, 0);
	for (int i = 0; i < 3; i++)
		be32(&idx, at[i]);
	for (int i = 0; i < 10; i++)
		be32(&idx, 0);
	str_addf(&pack, "%20s", "");
	run("git init -q --bare circle");
	io_write("circle/objects/pack/pack-1.pack", str_s(&pack), pack.len,
		&err);
	io_write("circle/objects/pack/pack-1.idx", str_s(&idx), idx.len, &err);
	str_release(&pack);
	str_release(&idx);
}

int
main(void)
{
	static const char make[] = "set -e; git init -q -b main r; cd r; "
		"for i in 1 2 3 4 5 6 7 8; do seq 1 400 | sed s/$i/x$i/ >f; "
		"mkdir -p d/$i; echo $i >d/$i/g; : >empty; git add .; "
		"git commit -q -m $i; done; git tag -a -m t v1; "
		"echo nobody | git hash-object -w --stdin >/dev/null";
	char dir[] = "/tmp/smelt-each-XXXXXX", cmd[64];
	struct repo_losses losses;
	struct met m;

	if (!mkdtemp(dir) || chdir(dir) < 0 || run(make) != 0) {
		skip("object stores", "no git");
		return done_testing();
	}
	compare("r/.git", 30, ".", "loose objects");
	compare("r/.git", 1U << REPO_BLOB, " blob ", "loose blobs");
	run("git -C r repack -q -d --depth=50; git -C r prune-packed");
	compare("r/.git", 30, ".", "a pack and what it lacks");
	compare("r/.git", 1U << REPO_TREE | 1U << REPO_COMMIT,
		" (tree|commit) ", "trees and commits of a pack");
	run("cd r; git rev-list --objects --all --no-object-names | "
		"head -n 20 | git pack-objects -q .git/objects/pack/pack "
		">/dev/null");
	compare("r/.git", 30, ".", "two packs that overlap");

	ok(each("r/.git", 1U << REPO_BLOB, 100, &m, &losses) &&
		losses.large == 8, "blobs over the limit are counted");
	str_release(&m.lines);
	write_circle();
	ok(each("circle", 30, 1 << 20, &m, &losses) && m.lines.len == 0 &&
		losses.damaged == 3, "deltas in a circle are damaged");
	str_release(&m.lines);
	snprintf(cmd, sizeof(cmd), "cd / && rm -rf %s", dir);
	ok(system(cmd) == 0, "cleaned");
	return done_testing();
}
