/*
 * Fuzz targets: tests/fuzz/NAME.c defines LLVMFuzzerTestOneInput(), which may
 * be given any bytes and must come back.  What it finds it says by abort().
 *
 * With tests/fuzz/driver.c it is a program that mutates its seeds in an order
 * that only -s and -n decide, so that a test can be one; with clang's
 * -fsanitize=fuzzer (make fuzz) it is led by coverage.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

struct str;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Optional: make an input of a seed file.  Targets whose inputs are more than
 * a file's bytes (a selector before them) have it.
 */
void fuzz_seed(const char *path, const char *bytes, size_t len,
	struct str *input) __attribute__((weak));

/* abort() with a line when a promise does not hold. */
#define FUZZ_MUST(x) \
	((x) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #x))
void fuzz_broken(const char *file, int line, const char *what)
	__attribute__((noreturn));

/* A file with these bytes and no name but /proc/self/fd/N; the next call with
 * the same slot (0 to 3) reuses it. */
const char *fuzz_file(unsigned slot, const void *bytes, size_t len);
/* Its descriptor, at the start. */
int fuzz_fd(unsigned slot, const void *bytes, size_t len);

#endif
