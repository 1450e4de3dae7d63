/* Which addresses are for the whole world. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "sys/address.h"
#include "tap.h"

static bool
is_public(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)&in);
	if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
		return address_is_public((const struct sockaddr *)&in6);
	ok(false, text);
	return false;
}

int
main(void)
{
	static const char *const not_public[] = {
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
		"100.64.0.1", "100.127.255.255", "127.0.0.1",
		"127.255.255.254", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
		"192.168.0.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
		"240.0.0.1", "255.255.255.255", "::", "::1", "::10.0.0.1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
		"64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:a00:1::",
		"2002:7f00:1::1", "2001:0:1::1", "2001:db8::1", "100::1",
		"fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1",
		"3fff::1", "5f00::1"
	};
	static const char *const is_so[] = {
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
		"192.167.255.255", "192.169.0.0", "198.17.255.255",
		"198.20.0.0", "223.255.255.255", "2606:4700::1111",
		"2a00:1450::1", "64:ff9b::808:808", "::ffff:8.8.8.8",
		"2002:808:808::1"
	};
	static const char *const loopback[] = {
		"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1",
		"[::1]"
	};
	static const char *const other[] = {
		"localhost.example.org", "127.0.0.1.example.org", "10.0.0.1",
		"128.0.0.1", "", "127", "0x7f.1", "::2"
	};
	struct sockaddr un = { .sa_family = AF_UNIX };
	size_t i;

	for (i = 0; i < sizeof(not_public) / sizeof(*not_public); i++)
		ok(!is_public(not_public[i]), not_public[i]);
	for (i = 0; i < sizeof(is_so) / sizeof(*is_so); i++)
		ok(is_public(is_so[i]), is_so[i]);
	for (i = 0; i < sizeof(loopback) / sizeof(*loopback); i++)
		ok(address_names_loopback(loopback[i]), loopback[i]);
	for (i = 0; i < sizeof(other) / sizeof(*other); i++)
		ok(!address_names_loopback(other[i]), other[i]);
	ok(!address_is_public(&un), "a local socket");
	return done_testing();
}
