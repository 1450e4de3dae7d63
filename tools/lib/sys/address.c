#include "sys/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

struct net4 {
	uint32_t net;
	unsigned bits;
};

struct net6 {
	unsigned char net[16];
	unsigned bits;
};

static const struct net4 special4[] = {
	{ 0x00000000, 8 }, { 0x0a000000, 8 }, { 0x64400000, 10 },
	{ 0x7f000000, 8 }, { 0xa9fe0000, 16 }, { 0xac100000, 12 },
	{ 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0586300, 24 },
	{ 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 },
	{ 0xcb007100, 24 }, { 0xe0000000, 4 }, { 0xf0000000, 4 }
};

/* the unspecified address and loopback are in ::/96 */
static const struct net6 special6[] = {
	{ { 0 }, 96 },
	{ { 0x01, 0x00 }, 64 },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	{ { 0x20, 0x01, 0x00, 0x00 }, 32 },
	{ { 0x3f, 0xff }, 20 },
	{ { 0x5f, 0x00 }, 16 },
	{ { 0xfc }, 7 },
	{ { 0xfe, 0x80 }, 9 },
	{ { 0xff }, 8 }
};

static bool
is_special4(uint32_t a)
{
	size_t i;

	for (i = 0; i < sizeof(special4) / sizeof(special4[0]); i++)
		if ((a ^ special4[i].net) >> (32 - special4[i].bits) == 0)
			return true;
	return false;
}

static bool
within(const unsigned char *a, const unsigned char *net, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, net, whole) == 0 &&
		(!rest || (a[whole] ^ net[whole]) >> (8 - rest) == 0);
}

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

/* An IPv4 address inside; false when there is none. */
static bool
embedded(const unsigned char *a, uint32_t *v4)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };
	static const unsigned char nat64_local[6] = { 0, 0x64, 0xff, 0x9b,
		0, 1 };
	static const unsigned char six_to_four[2] = { 0x20, 0x02 };

	if (within(a, mapped, 96) || within(a, nat64, 96) ||
	    within(a, nat64_local, 48))
		*v4 = be32(a + 12);
	else if (within(a, six_to_four, 16))
		*v4 = be32(a + 2);
	else
		return false;
	return true;
}

bool
address_is_public(const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;
	const unsigned char *a;
	uint32_t v4;
	size_t i;

	if (sa->sa_family == AF_INET)
		return !is_special4(ntohl(in->sin_addr.s_addr));
	if (sa->sa_family != AF_INET6)
		return false;
	a = in6->sin6_addr.s6_addr;
	if (embedded(a, &v4))
		return !is_special4(v4);
	for (i = 0; i < sizeof(special6) / sizeof(special6[0]); i++)
		if (within(a, special6[i].net, special6[i].bits))
			return false;
	return true;
}

bool
address_is_loopback(const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;
	static const unsigned char one[16] = { [15] = 1 };

	if (sa->sa_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return sa->sa_family == AF_INET6 &&
		memcmp(in6->sin6_addr.s6_addr, one, 16) == 0;
}

bool
address_names_loopback(const char *host)
{
	struct in_addr v4;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
	    strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &v4) == 1 &&
		ntohl(v4.s_addr) >> 24 == 127;
}
