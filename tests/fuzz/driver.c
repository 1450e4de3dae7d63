/*
 * A main() for fuzz targets without libFuzzer: runs each seed as it is, then
 * mutants of them.
 *
 *	NAME [-n MUTANTS] [-s STATE] [-w DIRECTORY] SEED...
 *
 * -w writes the seeds as inputs and ends.  An input that ends the process, or
 * takes more than SECONDS, is left in NAME.crash.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"

enum { INPUT_MAX = 64 * 1024, SECONDS = 20 };

static struct str *seeds;
static size_t nseeds;
static uint64_t state = 20261120;
static const char *progname;
static char crash[512];
static const char *current;
static size_t current_len;
static int running;

static uint32_t
below(size_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % (n ? n : 1));
}

static void
keep(void)
{
	int fd = !current ? -1 : open(crash, O_WRONLY | O_CREAT | O_TRUNC |
		O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, current, current_len) < 0 || close(fd) < 0)
		return;
	if (write(2, crash, strlen(crash)) < 0 || write(2, "\n", 1) < 0)
		return;
}

static void
on_signal(int sig)
{
	keep();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A target that ends the process has failed, too. */
static void
on_exit_inside(void)
{
	if (!running)
		return;
	running = 0;
	keep();
	_exit(99);
}

static void
try(const struct str *input)
{
	/* exactly as long as it is, so that reads behind it are seen */
	char *copy = xmalloc(input->len ? input->len : 1);

	if (input->len)
		memcpy(copy, input->buf, input->len);
	current = copy;
	current_len = input->len;
	running = 1;
	alarm(SECONDS);
	LLVMFuzzerTestOneInput((const uint8_t *)copy, input->len);
	alarm(0);
	running = 0;
	current = NULL;
	free(copy);
}

static void
cut(struct str *s, size_t at, size_t n)
{
	memmove(s->buf + at, s->buf + at + n, s->len - at - n);
	s->len -= n;
	str_seal(s);
}

/* text[0..n) into s at a place */
static void
put(struct str *s, size_t at, const char *text, size_t n)
{
	size_t tail = s->len - at;
	char *copy;

	if (s->len + n > INPUT_MAX)
		return;
	copy = xmalloc(n + tail + 1);
	memcpy(copy, text, n);
	memcpy(copy + n, s->buf + at, tail);
	s->len = at;
	str_add(s, copy, n + tail);
	free(copy);
}

static void
put_word(struct str *s)
{
	static const char *const words[] = { "{", "}", "[", "]", "\"", "'",
		"\\", "\n", "\t", "-", ":", ",", "<", "/", "*", "#", "&a ",
		"*a", "$ref", "null", "true", "-1", "0", "1e999", "\xff",
		"\xe2\x80\xae", "\xf0\x9f\x98\x80", "\xed\xa0\x80", "\r\n",
		"4294967296", "9223372036854775808", "%00", "..", "()", "\x80",
		"\xff\xff\xff\xff", "\x7f\xff\xff\xff" };
	const char *w = words[below(sizeof(words) / sizeof(*words))];
	size_t at = below(s->len + 1), times = below(8) ? 1 : below(400);

	while (times--)
		put(s, at, w, strlen(w));
}

static void
splice(struct str *s)
{
	const struct str *other = &seeds[below(nseeds)];
	size_t from = below(other->len + 1);
	size_t n = below(other->len - from + 1);

	if (n > 2000)
		n = below(2000);
	put(s, below(s->len + 1), str_s(other) + from, n);
}

static void
mutate(struct str *s)
{
	size_t at = below(s->len), n;

	switch (s->len ? below(7) : 4) {
	case 0:
		s->buf[at] = (char)(s->buf[at] ^ (1 << below(8)));
		break;
	case 1:
		s->buf[at] = (char)below(256);
		break;
	case 2:
		n = below(8) ? 1 + below(16) : 1 + below(s->len);
		cut(s, at, n < s->len - at ? n : s->len - at);
		break;
	case 3:		/* repeat a piece */
		n = 1 + below(64);
		n = n < s->len - at ? n : s->len - at;
		put(s, below(s->len - n + 1), s->buf + at, n);
		break;
	case 4:
		put_word(s);
		break;
	case 5:
		splice(s);
		break;
	case 6:		/* a piece over another place */
		n = 1 + below(32);
		n = n < s->len - at ? n : s->len - at;
		memmove(s->buf + below(s->len - n + 1), s->buf + at, n);
		break;
	}
}

static void
run_mutants(unsigned long n)
{
	struct str s;

	str_init(&s, INPUT_MAX + 1);
	while (n--) {
		const struct str *seed = &seeds[below(nseeds)];
		unsigned times = 1 + below(6);

		str_clear(&s);
		str_add(&s, str_s(seed), seed->len);
		while (times--)
			mutate(&s);
		try(&s);
	}
	str_release(&s);
}

static void
read_seed(const char *path)
{
	struct str file, *input = &seeds[nseeds];
	struct err err;

	str_init(&file, INPUT_MAX);
	str_init(input, INPUT_MAX + 64);
	if (io_read(path, &file, &err) < 0)
		die_err(&err);
	if (fuzz_seed)
		fuzz_seed(path, str_s(&file), file.len, input);
	else
		str_add(input, str_s(&file), file.len);
	str_release(&file);
	nseeds++;
}

static void
write_seeds(const char *dir)
{
	struct err err;
	size_t i;

	for (i = 0; i < nseeds; i++) {
		char *path = xasprintf("%s/%s-%zu", dir, progname, i);

		if (io_write(path, str_s(&seeds[i]), seeds[i].len, &err) < 0)
			die_err(&err);
		free(path);
	}
}

int
main(int argc, char **argv)
{
	unsigned long n = 1000;
	const char *dir = NULL;
	int c;

	progname = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	snprintf(crash, sizeof(crash), "%s.crash", argv[0]);
	diag_init(progname);
	diag_set_level(DIAG_QUIET);
	while ((c = getopt(argc, argv, "n:s:w:")) != -1) {
		if (c == 'n')
			n = strtoul(optarg, NULL, 10);
		else if (c == 's')
			state = strtoul(optarg, NULL, 10);
		else if (c == 'w')
			dir = optarg;
		else
			return 2;
	}
	if (optind == argc)
		die("no seeds");
	seeds = xcalloc((size_t)(argc - optind), sizeof(*seeds));
	for (; optind < argc; optind++)
		read_seed(argv[optind]);
	if (dir) {
		write_seeds(dir);
		return 0;
	}
	signal(SIGABRT, on_signal);
	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	signal(SIGALRM, on_signal);
	atexit(on_exit_inside);
	for (size_t i = 0; i < nseeds; i++)
		try(&seeds[i]);
	run_mutants(n);
	printf("%s: %zu seeds, %lu mutants\n", progname, nseeds, n);
	return 0;
}
