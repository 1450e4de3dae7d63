/*
 * Base scores of the Common Vulnerability Scoring System.
 *
 * CVSS 3.0 and 3.1 are computed by FIRST's formulas.  CVSS 4.0 has no formula
 * but a table of expert judgements; here its base metrics are read as those of
 * 3.1 (attack requirements as high complexity, any interaction as required,
 * effects on subsequent systems as a changed scope), which is off by up to two
 * points.  A database's own word for the severity goes before that.
 */
#ifndef GATE1_CVSS_H
#define GATE1_CVSS_H

#include <stdbool.h>

/* "CVSS:3.1/AV:N/AC:L/…"; false when it is not a complete vector. */
bool cvss_score(const char *vector, double *score);

#endif
