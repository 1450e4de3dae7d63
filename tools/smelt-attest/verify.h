/*
 * smelt-attest --verify: does this directory, or this one bundle, say of these
 * files what it seems to say?  Offline, with a key that the user trusts; a key
 * that lies beside the bundle is never taken.
 */
#ifndef ATTEST_VERIFY_H
#define ATTEST_VERIFY_H

struct key;

/*
 * what is a directory that smelt-attest made, or a bundle file; artifact is
 * the file that is to be the subject (NULL: the one in the directory).
 * Returns the exit status; says why on stderr.
 */
int verify(const char *what, const char *artifact, const struct key *key);

#endif
