/*
 * smelt-attest: from a finished, green artifact to an archive, its bill of
 * materials, signed statements and client configurations.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "data/stage.h"
#include "form/key.h"
#include "smelt-attest/artifact.h"
#include "smelt-attest/clients.h"
#include "smelt-attest/outdir.h"
#include "smelt-attest/predicate.h"
#include "smelt-attest/registry.h"
#include "smelt-attest/seal.h"
#include "smelt-attest/verify.h"
#include "sys/box.h"

static const char *key_path, *out_dir, *gen_key, *verify_what, *server_dir;
static const char *author = "smelt-attest", *supplier;
static const char *bundle, *bundle_url;
static bool is_unsigned;

static const struct opt opts[] = {
	{ OPT_STR, 0, "key", "KEY", "private key to sign with, or public key "
	  "to verify with", &key_path, false },
	{ OPT_STR, 0, "out", "DIR", "directory to fill", &out_dir, false },
	{ OPT_FLAG, 0, "unsigned", NULL, "sign nothing, and say so",
	  &is_unsigned, true },
	{ OPT_STR, 0, "server-dir", "DIR", "where the server will stand, for "
	  "client files", &server_dir, true },
	{ OPT_STR, 0, "author", "NAME", "author of the bill of materials",
	  &author, true },
	{ OPT_STR, 0, "supplier", "NAME", "supplier of the server", &supplier,
	  true },
	{ OPT_STR, 0, "bundle", "FILE", "packed bundle of the server, for "
	  "server.json", &bundle, false },
	{ OPT_STR, 0, "bundle-url", "URL", "where the bundle will be had",
	  &bundle_url, false },
	{ OPT_STR, 0, "gen-key", "FILE", "make FILE and FILE.pub, and exit",
	  &gen_key, false },
	{ OPT_STR, 0, "verify", "WHAT", "verify a directory or a bundle",
	  &verify_what, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-attest",
	.summary = "archive, sign and configure clients",
	.operands = "[ARTIFACT]",
	.max_operands = 1,
	.opts = opts
};

static const char *
passphrase(void)
{
	const char *pass = getenv("SMELT_KEY_PASSPHRASE");

	return pass && *pass ? pass : NULL;
}

/* cosign's variable opens keys, and "" may be a passphrase of cosign's. */
static const char *
opening(void)
{
	return passphrase() ? passphrase() : getenv("COSIGN_PASSWORD");
}

/* A new file that nobody else had; unlinked again when writing fails. */
static void
write_new(const char *path, mode_t mode, const struct str *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0 && errno == EEXIST)
		die("%s: is there already, and is not overwritten", path);
	if (fd < 0)
		die("%s: cannot write:", path);
	if (fchmod(fd, mode) < 0 ||
	    write(fd, text->buf, text->len) != (ssize_t)text->len ||
	    close(fd) < 0) {
		unlink(path);
		die("%s: cannot write", path);
	}
}

static int
generate(const char *path)
{
	char *public = xasprintf("%s.pub", path);
	struct str private, pem;
	struct key key;
	struct err err;

	if (access(public, F_OK) == 0)
		die("%s: is there already, and is not overwritten", public);
	if (key_generate(&key, &err) < 0)
		die_err(&err);
	str_init(&private, STR_LINE);
	str_init(&pem, STR_LINE);
	key_private_pem(&key, passphrase(), &private);
	key_public_pem(&key, &pem);
	write_new(path, 0600, &private);
	write_new(public, 0644, &pem);
	memset(private.buf, 0, private.len);
	str_release(&private);
	str_release(&pem);
	key_release(&key);
	diag_say("%s: private key, %s; %s: public key", path, passphrase() ?
		"encrypted" : "not encrypted (SMELT_KEY_PASSPHRASE is not set)",
		public);
	free(public);
	return 0;
}

/* SOURCE_DATE_EPOCH, else 0: never the clock. */
static int64_t
build_time(void)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	long long t;
	char *end;

	if (!text || !*text)
		return 0;
	errno = 0;
	t = strtoll(text, &end, 10);
	/* what eleven octal digits of a tar header can hold */
	if (errno || *end || t < 0 || t > 077777777777LL)
		die("SOURCE_DATE_EPOCH: '%s' is not a number of seconds", text);
	return t;
}

static const char *
builder(void)
{
	const char *id = getenv("SMELT_BUILDER_ID");

	return id && *id ? id : BUILDER_LOCAL;
}

/* The directory must be there for the sandbox; made here, it goes again when
 * nothing came to be in it. */
static const char *made;

static void
forget_made(void)
{
	if (made)
		rmdir(made);
}

static void
enter_box(const char *output)
{
	char *share = share_path("");
	struct box box = { .profile = BOX_FILTER };
	struct err err;

	box_read(&box, share);
	box_read(&box, bundle);
	box_write(&box, out_dir);
	if (made)
		box_undo(&box, made);
	box_output(&box, output);
	if (box_enter(&box, &err) < 0)
		die_err(&err);
	free(share);
}

static int
verify_boxed(const char *artifact, const struct key *key)
{
	struct box box = { .profile = BOX_FILTER };
	struct err err;

	if (access(verify_what, F_OK) < 0)
		die("%s: cannot open:", verify_what);
	if (artifact && access(artifact, F_OK) < 0)
		die("%s: cannot open:", artifact);
	box_read(&box, verify_what);
	box_read(&box, artifact);
	if (box_enter(&box, &err) < 0)
		die_err(&err);
	return verify(verify_what, artifact, key);
}

/* Everything beside the artifact that shapes what we write. */
static void
config(const struct key *key, int64_t when, char hex[SHA256_HEX + 1])
{
	struct sha256 h;
	struct str text;
	struct err err;

	str_init(&text, STR_RECORD);
	sha256_init(&h);
	opt_digest(&tool, &h);
	if (key)
		key_hint(key, &text);
	str_addf(&text, " %lld", (long long)when);
	sha256_field(&h, str_s(&text));
	sha256_field(&h, builder());
	str_clear(&text);
	if (io_read_share("components.yaml", &text, &err) < 0 ||
	    clients_digest(&h, &err) < 0)
		die_err(&err);
	sha256_field(&h, str_s(&text));
	sha256_final_hex(&h, hex);
	str_release(&text);
}

static void
refuse(const struct artifact *a, const struct json *red)
{
	const char *stage = json_get_str(red, "stage");

	diag_error("%s: the verdict of %s is not green: nothing is archived "
		"or signed", a->name, stage ? stage : "a gate");
}

static void
say(const struct artifact *a, const struct outdir *out, bool sealed)
{
	diag_say("%s %s: %zu files, %zu tools -> %s", a->name, a->version,
		a->nfiles, a->ndefs, out->path);
	if (!sealed)
		diag_warn("%s: NOTHING IS SIGNED (--unsigned): who gets %s can "
			"not tell whether it was changed", a->name, out->path);
	if (sealed && strcmp(builder(), BUILDER_LOCAL) == 0)
		diag_note("%s: SLSA build level 1: built here, with your own "
			"key", a->name);
}

static int
attest(const struct opt_common *common, const struct key *key)
{
	static const char *const owns[] = { "attestation", NULL };
	static const struct stage_spec spec = {
		.tool = "smelt-attest", .stage = "attest", .after = "score",
		.owns = owns
	};
	struct seal_request req = {
		.key = key, .author = author, .supplier = supplier,
		.builder = builder(), .server_dir = server_dir,
		.time = build_time()
	};
	const char *output = common->output;
	char digest[SHA256_HEX + 1];
	const struct json *red;
	struct artifact a;
	struct outdir out;
	struct stage s;
	struct err err;

	if (!output && isatty(STDOUT_FILENO))
		output = "/dev/null";
	config(key, req.time, digest);
	if (outdir_open(&out, out_dir, &err) < 0 ||
	    outdir_prepare(&out, &made, &err) < 0)
		die_err(&err);
	atexit(forget_made);
	if (stage_open(&s, &spec, common->noperands ? common->operands[0] :
		NULL, output, digest, &err) < 0)
		die_err(&err);
	enter_box(output);
	if (artifact_read(&a, &s, &err) < 0) {
		stage_abort(&s);
		die_err(&err);
	}
	red = artifact_red(&a);
	if (red) {
		refuse(&a, red);
		stage_abort(&s);
		outdir_release(&out);
		artifact_release(&a);
		return 1;
	}
	if (seal(&out, &a, &req, &err) < 0 ||
	    (bundle && registry_make(&out, &a, bundle, bundle_url, &err) < 0) ||
	    outdir_commit(&out, &err) < 0) {
		stage_abort(&s);
		die_err(&err);
	}
	seal_records(&s, &out);
	if (stage_close(&s, &err) < 0)
		die_err(&err);
	say(&a, &out, key != NULL);
	outdir_release(&out);
	artifact_release(&a);
	return 0;
}

int
main(int argc, char **argv)
{
	struct opt_common common;
	struct key key = { 0 };
	struct err err;
	int rc;

	opt_parse(&tool, argc, argv, &common);
	/* libarchive takes names to be in the locale's encoding */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (gen_key)
		return generate(gen_key);
	if (verify_what) {
		if (!key_path)
			die("--verify needs --key: the public key that you "
				"trust, not one that came along");
		if (key_read_public(&key, key_path, &err) < 0)
			die_err(&err);
		rc = verify_boxed(common.noperands ? common.operands[0] :
			NULL, &key);
		key_release(&key);
		return rc;
	}
	if (!out_dir)
		die("--out DIR is missing");
	if (!key_path == !is_unsigned)
		die(key_path ? "--key and --unsigned exclude each other" :
			"--key KEY is missing (--gen-key FILE makes one; "
			"--unsigned signs nothing)");
	if (!bundle != !bundle_url)
		die("--bundle and --bundle-url go together");
	if (bundle && registry_check_url(bundle_url, &err) < 0)
		die_err(&err);
	if (bundle && access(bundle, R_OK) < 0)
		die("%s: cannot open:", bundle);
	if (server_dir && *server_dir != '/')
		die("--server-dir: '%s' is not an absolute path", server_dir);
	if (key_path && key_read_private(&key, key_path, opening(),
	    &err) < 0)
		die_err(&err);
	rc = attest(&common, key_path ? &key : NULL);
	key_release(&key);
	return rc;
}
