/*
 * fault.so, for LD_PRELOAD: calls of the C library that fail, as FAULT says.
 *
 *	malloc:N	the N-th allocation fails, once
 *	eintr		every second read, write and poll is interrupted
 *	short		reads and writes move one byte
 *	write:N		the N-th write fails with ENOSPC, and all after it
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static long fail_malloc = -1, fail_write = -1;
static int interrupt, one_byte;
static __thread int odd;

__attribute__((constructor)) static void
start(void)
{
	const char *fault = getenv("FAULT");

	if (!fault)
		return;
	interrupt = strcmp(fault, "eintr") == 0;
	one_byte = strcmp(fault, "short") == 0;
	if (strncmp(fault, "write:", 6) == 0)
		fail_write = atol(fault + 6);
	if (strncmp(fault, "malloc:", 7) == 0)
		fail_malloc = atol(fault + 7);
}

static int
fails(void)
{
	if (fail_malloc <= 0 || --fail_malloc)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}

static int
interrupted(void)
{
	if (!interrupt || (odd = !odd) == 0)
		return 0;
	errno = EINTR;
	return 1;
}

ssize_t
read(int fd, void *p, size_t n)
{
	ssize_t (*real)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");

	if (interrupted())
		return -1;
	return real(fd, p, one_byte && n > 1 ? 1 : n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT,
		"write");

	if (interrupted())
		return -1;
	if (fd > 2 && fail_write > 0 && --fail_write == 0)
		fail_write = 1;
	if (fd > 2 && fail_write == 1) {
		errno = ENOSPC;
		return -1;
	}
	return real(fd, p, one_byte && n > 1 ? 1 : n);
}
