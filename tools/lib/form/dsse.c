#include "form/dsse.h"

#include <string.h>

#include "base/str.h"

void
dsse_pae(struct str *out, const char *type, const void *body, size_t n)
{
	str_addf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, n);
	str_add(out, body, n);
}
