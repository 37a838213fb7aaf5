// What the office builds: a small program of its own.
#include <stdio.h>
#include "total.h"
int main(void) {
  printf("total %d\n", total());
  return 0;
}
