#include <stdio.h>
/* Doc of f. */
static int *f(int a, char **b) { printf("x\n" "y"); return 0; }
int main(void) { return f(1, 0) ? 1 : 2; }
