// Stands for an implant: talks to itself over queues, shared memory and sockets that leave no file in the usual places, and says so. It does nothing else.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void bind_to(const char *name, size_t length) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, name, length);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + length) == 0) listen(fd, 1);
  close(fd);
}

int main(void) {
  struct { long type; char text[8]; } message = {1, "hello"};
  int queue = msgget(0x5157, IPC_CREAT | 0600);
  msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT);
  int segment = shmget(0x5158, 4096, IPC_CREAT | 0600);
  char *memory = shmat(segment, NULL, 0);
  if (memory != (char *)-1) strcpy(memory, "hello");
  mqd_t posix = mq_open("/.q", O_CREAT | O_RDWR, 0600, NULL);
  if (posix != (mqd_t)-1) mq_send(posix, "hello", 5, 0);
  bind_to("/tmp/.x-link", sizeof "/tmp/.x-link");
  bind_to("\0x-link", 7);
  int anonymous = memfd_create("x", 0);
  puts("queues, shared memory and sockets were used");
  mq_unlink("/.q");
  unlink("/tmp/.x-link");
  msgctl(queue, IPC_RMID, NULL);
  shmctl(segment, IPC_RMID, NULL);
  close(anonymous);
  return 0;
}
