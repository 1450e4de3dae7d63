/*
 * form/cosignkey: the vectors of go-securesystemslib, and what is refused.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "form/cosignkey.h"
#include "tap.h"

#define BOX(n, salt, nonce, text) \
	"{\"kdf\":{\"name\":\"scrypt\",\"params\":{\"N\":" n ",\"r\":8," \
	"\"p\":1},\"salt\":\"" salt "\"},\"cipher\":{\"name\":" \
	"\"nacl/secretbox\",\"nonce\":\"" nonce "\"},\"ciphertext\":\"" text \
	"\"}"

static const char *const good[] = {
	BOX("32768", "WO3mVvyTwJ9vwT5/Tk5OW5WPIBUofMjcpEfrLnfY4uA=",
		"tCy7HcTFr4uxv4Nrg/DWmncuZ148U1MX",
		"08n43p5G5yviPEZpO7tPPF4aZQkWiWjkv4taFdhDBA0tamKH4nw="),
	BOX("65536", "FhzPOt9/bJG4PTq6lQ6ecG6GzaOuOy/ynG5+yRiFlNs=",
		"aw1ng1jHaDz/tQ7V2gR9O2+IGQ8xJEuE",
		"HycvuLZL4sYH0BrYTh4E/H20VtAW6u5zL5Pr+IBjYLYnCPzDkq8="),
	BOX("131072", "m38E3kouJTtiheLQN22NQ8DTito5hrjpUIskqcd375k=",
		"Y6PM13yA+o44pE/W1ZBwczeGnTV/m9Zc",
		"6H8sqj1K6B6yDjtH5AQ6lbFigg/C2yDDJc4rYJ79w9aVPImFIPI=")
};

static const char *const bad[] = {
	/* tampered, unknown parameters, too short, not base64, no JSON */
	BOX("32768", "WO3mVvyTwJ9vwT5/Tk5OW5WPIBUofMjcpEfrLnfY4uA=",
		"tCy7HcTFr4uxv4Nrg/DWmncuZ148U1MX",
		"18n43p5G5yviPEZpO7tPPF4aZQkWiWjkv4taFdhDBA0tamKH4nw="),
	BOX("99", "cZFcQJdwPhPyhU1R4qkl0qVOIjZd4V/7LYYAavq166k=",
		"7vhRS7j0hEPBWV05skAdgLj81AkGeE7U",
		"6WYU/YSXVbYzl/NzaeAzmjLyfFhOOjLc0d8/GFV0aBFdJvyCcXc="),
	BOX("32768", "WO3mVvyTwJ9vwT5/Tk5OW5WPIBUofMjcpEfrLnfY4uA=",
		"tCy7HcTFr4uxv4Nrg/DWmncuZ148U1MX", "08n43p5G"),
	BOX("32768", "!", "tCy7HcTFr4uxv4Nrg/DWmncuZ148U1MX", "08n43p5G"),
	"{}", "x", ""
};

int
main(void)
{
	struct str plain;
	struct err err;
	size_t i;

	str_init(&plain, STR_LINE);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		str_clear(&plain);
		/* each wraps the JSON string "reallyimportant" in base64 */
		ok(cosignkey_decrypt(&plain, good[i], strlen(good[i]),
			"supersecret", "key", &err) == 0, "a vector opens");
		is(str_s(&plain), "\"cmVhbGx5aW1wb3J0YW50\"",
			"with what is in it");
	}
	str_clear(&plain);
	ok(cosignkey_decrypt(&plain, good[0], strlen(good[0]), "Supersecret",
		"key", &err) < 0, "not with another passphrase");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(cosignkey_decrypt(&plain, bad[i], strlen(bad[i]),
			"supersecret", "key", &err) < 0, "a bad box");
	is(str_s(&plain), "", "and nothing of them comes out");
	ok(cosignkey_open(&plain, "-----BEGIN ENCRYPTED SIGSTORE PRIVATE "
		"KEY-----\nAAA", "", "key", &err) < 0, "a PEM cut off");
	str_release(&plain);
	return done_testing();
}
