/*
 * git repositories read in-process, held against what git(1) says of them.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/str.h"
#include "sys/repo.h"
#include "tap.h"

static struct repo repo;
static struct err err;

static int
sh(const char *cmd)
{
	struct str s;
	int rc;

	str_init(&s, STR_LINE);
	str_puts(&s, "exec 2>>log; export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 "
		"GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org "
		"GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org "
		"GIT_AUTHOR_DATE='1700000000 +0000'; "
		"commit() { GIT_COMMITTER_DATE=\"$1 +0000\" git -C repo "
		"commit -q -m \"$2\"; }; ");
	str_puts(&s, cmd);
	rc = system(str_s(&s));
	str_release(&s);
	return rc;
}

static int
make_repo(void)
{
	return sh("set -e; git init -q -b main repo; "
		"i=0; while [ $i -lt 400 ]; do echo \"line $i of many\"; "
		"i=$((i+1)); done >repo/long; mkdir -p repo/a/b; "
		"echo hello >repo/a/b/deep; : >repo/empty; "
		"ln -s /etc/passwd repo/link; git -C repo add .; "
		"commit 1700000001 one; git -C repo tag -a -m t v1; "
		"sed -i s/300/three/ repo/long; echo two >repo/two; "
		"git -C repo add .; commit 1700000002 two; "
		"git -C repo branch side; rm repo/two; "
		"echo more >>repo/long; git -C repo add -A; "
		"commit 1700000003 three");
}

/* every object of the repository, read by us and by git */
static int
compare_objects(void)
{
	char line[256], hex[REPO_HEX + 1];
	struct str ours, theirs;
	enum repo_type type;
	struct oid oid;
	int bad = 0, n = 0;
	FILE *f;

	if (sh("git -C repo rev-list --all --objects | cut -d' ' -f1 >ids"))
		return -1;
	f = fopen("ids", "r");
	str_init(&ours, 1 << 20);
	str_init(&theirs, 1 << 20);
	while (f && fscanf(f, "%64s", hex) == 1) {
		unsigned v;
		size_t i;

		memset(&oid, 0, sizeof(oid));
		for (i = 0; i < repo.oid_size; i++) {
			if (sscanf(hex + 2 * i, "%2x", &v) != 1)
				return -1;
			oid.b[i] = (unsigned char)v;
		}
		str_clear(&ours);
		str_clear(&theirs);
		snprintf(line, sizeof(line), "git -C repo cat-file "
			"$(git -C repo cat-file -t %.64s) %.64s >object", hex,
			hex);
		if (sh(line) || io_read("object", &theirs, &err) < 0 ||
		    repo_read(&repo, &oid, 1 << 20, &type, NULL, &ours,
		    &err) != 0 || ours.len != theirs.len ||
		    memcmp(str_s(&ours), str_s(&theirs), ours.len) != 0) {
			fprintf(stderr, "# %s: %s\n", hex, err.text);
			bad++;
		}
		n++;
	}
	fclose(f);
	str_release(&ours);
	str_release(&theirs);
	return n > 10 ? bad : -1;
}

static int
list(void *arg, const struct repo_entry *e)
{
	str_addf(arg, "%06o %s\n", e->mode, e->path);
	return 0;
}

static void
find(const char *name, const char *as)
{
	char cmd[128], hex[REPO_HEX + 1], label[128];
	struct str want;
	struct oid oid;

	str_init(&want, STR_LINE);
	snprintf(cmd, sizeof(cmd), "git -C repo rev-parse '%s^{commit}' >oid",
		as);
	snprintf(label, sizeof(label), "%s is found", name);
	if (sh(cmd) || io_read("oid", &want, &err) < 0) {
		ok(false, label);
		return;
	}
	want.buf[strcspn(want.buf, "\n")] = '\0';
	if (repo_find(&repo, name, &oid, &err) < 0) {
		is(err.text, "", label);
	} else {
		repo_hex(&repo, &oid, hex);
		is(hex, want.buf, label);
	}
	str_release(&want);
}

static void
not_found(const char *name)
{
	char label[128];
	struct oid oid;

	snprintf(label, sizeof(label), "'%s' is not found", name);
	ok(repo_find(&repo, name, &oid, &err) < 0, label);
}

static void
walk(const char *ref)
{
	struct str ours, theirs;
	struct oid oid;
	char cmd[128];

	str_init(&ours, STR_LINE);
	str_init(&theirs, STR_LINE);
	snprintf(cmd, sizeof(cmd), "git -C repo ls-tree -r %s | "
		"sed 's/ [a-z]* [0-9a-f]*\t/ /' >tree", ref);
	ok(sh(cmd) == 0 && io_read("tree", &theirs, &err) == 0 &&
		repo_find(&repo, ref, &oid, &err) == 0 &&
		repo_walk(&repo, &oid, list, &ours, &err) == 0,
		"a tree is walked");
	is(str_s(&ours), str_s(&theirs), "in git's order");
	str_release(&ours);
	str_release(&theirs);
}

static void
open_it(const char *how)
{
	if (!ok(repo_open(&repo, "repo/.git", &err) == 0, how))
		fprintf(stderr, "# %s: %s\n", err.file, err.text);
}

static void
all(const char *how)
{
	char prefix[16] = "";
	FILE *f;

	open_it(how);
	is_int(compare_objects(), 0, "every object is as git reads it");
	find("HEAD", "HEAD");
	find("main", "main");
	find("side", "side");
	find("refs/heads/side", "side");
	find("v1", "v1");
	f = fopen("ids", "r");
	if (f && fscanf(f, "%8s", prefix) == 1)
		find(prefix, prefix);
	if (f)
		fclose(f);
	not_found("nowhere");
	not_found("config");
	not_found("../../outside");
	not_found("HEAD~1");
	walk("main");
	walk("v1");
	repo_close(&repo);
}

static void
refused(const char *cmd, const char *gitdir, const char *text)
{
	if (sh(cmd)) {
		ok(false, text);
		return;
	}
	if (ok(repo_open(&repo, gitdir, &err) < 0, text))
		ok(strstr(err.text, text) != NULL, err.text);
	else
		repo_close(&repo);
}

static void
damage(const char *cmd, const char *what)
{
	struct oid oid;
	struct str s;
	int rc = -1;

	str_init(&s, STR_LINE);
	if (sh(cmd) == 0 && (repo_open(&repo, "bad/.git", &err) < 0 ||
	    (rc = repo_find(&repo, "main", &oid, &err)) < 0 ||
	    (rc = repo_walk(&repo, &oid, list, &s, &err)) < 0))
		ok(err.text[0] != '\0', what);
	else
		ok(false, what);
	if (rc >= 0 || repo.dir > 0)
		repo_close(&repo);
	str_release(&s);
}

int
main(void)
{
	char dir[] = "/tmp/smelt-repo.XXXXXX", cmd[64];

	if (system("git --version >/dev/null 2>&1") != 0) {
		puts("1..0 # SKIP no git");
		return 0;
	}
	if (!mkdtemp(dir) || chdir(dir) < 0 || make_repo() != 0)
		return 1;
	all("loose objects");
	if (sh("git -C repo gc -q --aggressive --prune=now") != 0)
		return 1;
	all("one pack with deltas, packed refs");
	if (sh("echo x >repo/x; git -C repo add x; commit 1700000004 four") ||
	    sh("git -C repo reset -q --hard HEAD~1; "
	    "git -C repo repack -q -d; git -C repo pack-refs --all"))
		return 1;
	open_it("two packs");
	is_int(compare_objects(), 0, "every object is as git reads it");
	repo_close(&repo);

	refused("mkdir none", "none", "not a git repository");
	refused("ln -s repo/.git link.git", "link.git", "a symbolic link");
	refused("echo 'gitdir: repo/.git' >file.git", "file.git", "a file");
	refused("cp -r repo reft; git -C reft config "
		"extensions.refStorage reftable; true", "reft/.git",
		"refs are stored as 'reftable'");
	damage("cp -r repo bad; chmod -R u+w bad; "
		"for f in bad/.git/objects/pack/*.pack; do "
		"printf 'XXXXXXXXXXXXXXXX' | dd of=$f bs=1 seek=40 "
		"conv=notrunc; done", "a damaged pack is told");
	damage("rm -rf bad; cp -r repo bad; chmod -R u+w bad; "
		"for f in bad/.git/objects/pack/*.pack; do "
		"truncate -s 60 $f; done", "a pack cut off is told");
	damage("rm -rf bad; cp -r repo bad; chmod -R u+w bad; "
		"for f in bad/.git/objects/pack/*.idx; do "
		"truncate -s 1100 $f; done", "an index cut off is told");
	damage("rm -rf bad; cp -r repo bad; chmod -R u+w bad; "
		"git -C bad unpack-objects <bad/.git/objects/pack/*.pack; "
		"rm -rf bad/.git/objects/pack; cd bad/.git/objects; "
		"a=$(ls -d [0-9a-f]*/* | head -n 1); "
		"for f in [0-9a-f]*/*; do cp -f $a $f 2>/dev/null || :; done",
		"an object under another's name is told");
	damage("rm -rf bad; git init -q -b main bad; cd bad; "
		"b=$(echo x | git hash-object -w --stdin); "
		"t=$(printf '100644 blob %s\tf\n' $b | git mktree); i=0; "
		"while [ $i -lt 12 ]; do t=$(for n in 0 1 2 3 4 5 6 7 8 9; do "
		"printf '040000 tree %s\td%s\n' $t $n; done | git mktree); "
		"i=$((i+1)); done; "
		"git update-ref refs/heads/main $(git commit-tree -m x $t)",
		"trees that spell very many paths are told");
	if (chdir("/") < 0)
		return 1;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	if (system(cmd) != 0)
		return 1;
	return done_testing();
}
