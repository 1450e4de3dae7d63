/*
 * Code rules (share/smelt/rules/sast, smelt-rules(5) "Code") over the files of
 * the source and of the emitted server.
 */
#ifndef GATE1_SAST_H
#define GATE1_SAST_H

struct err;
struct gate;

/* Rules must be loaded (scanner "sast"), and the tables of the languages
 * (lang_digest).  A rule that can not be run is told in the SARIF's
 * notifications and in what the verdict says was scanned. */
void sast_scan(struct gate *g);

#endif
