// Stands for process injection: attaches to the process that it is told, writes the bytes that it just read back to where they were, and lets go.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  pid_t pid = atoi(argv[1]);
  void *address = (void *)strtoul(argv[2], NULL, 16);
  char bytes[8];
  struct iovec here = {bytes, sizeof bytes}, there = {address, sizeof bytes};
  if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0) return 1;
  waitpid(pid, NULL, 0);
  if (process_vm_readv(pid, &here, 1, &there, 1, 0) == sizeof bytes) process_vm_writev(pid, &here, 1, &there, 1, 0);
  ptrace(PTRACE_DETACH, pid, NULL, NULL);
  puts("attached, wrote what was there, let go");
  return 0;
}
