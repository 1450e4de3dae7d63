/*
 * Addresses that are not for the whole world: loopback, private, link-local,
 * shared, documentation, multicast, reserved (IANA's special-purpose
 * registries), also as IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo).
 */
#ifndef SYS_ADDRESS_H
#define SYS_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

bool address_is_public(const struct sockaddr *a);
bool address_is_loopback(const struct sockaddr *a);
/* "localhost", "127.0.0.1" and its like, "::1", "[::1]", as text. */
bool address_names_loopback(const char *host);

#endif
