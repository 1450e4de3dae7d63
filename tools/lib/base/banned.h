/*
 * Calls that smelt does not make: they overflow, lose state between calls or
 * depend on the time zone.  Forced into every compilation by mk/build.mk.
 * Use base/str.h, base/enc.h and base/io.h instead.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* the declarations come first, so that the poison hits only our own calls */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* clang has some of them as macros and warns when a macro is poisoned */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
#undef sprintf
#undef vsprintf

#ifdef __GNUC__
#pragma GCC poison strcpy strcat strncpy strncat strtok sprintf vsprintf
#pragma GCC poison gmtime localtime ctime asctime mktemp tmpnam gets
#endif

#endif
