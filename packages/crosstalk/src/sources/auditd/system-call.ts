// One system call, assembled from the records of its audit event: what SYSCALL says of the process, and what the others say of its objects.
import type { SocketAddress } from './audit-values.ts'

export interface AuditPath {
  readonly name: string
  readonly nametype: string
  /** octal, with the type of file: 0140755 is a socket, 010644 a FIFO (inode(7)) */
  readonly mode: string
}

export interface SystemCall {
  readonly name: string
  readonly node: string
  /** microseconds since 1970 UTC */
  readonly time: number
  readonly serial: number
  /** of the event's first record */
  readonly offset: number
  /** behind its last record */
  end: number
  /** fields of SYSCALL, decoded; those that enrichment added too (UID, AUID …) */
  readonly fields: Readonly<Record<string, string>>
  readonly arguments: string[]
  /** arguments beyond the bound were left out */
  argumentsCut: boolean
  directory: string
  title: string
  readonly paths: AuditPath[]
  address: SocketAddress | undefined
  /** whom it was done to (OBJ_PID) */
  readonly objects: { pid: string; command: string }[]
  /** fields of IPC, MQ_OPEN, MQ_SENDRECV, MQ_NOTIFY, FD_PAIR, MMAP */
  readonly details: Record<string, string>
}

/** Calls that are assembled; all others are told by their records alone. */
export const ASSEMBLED: ReadonlySet<string> = new Set(
  (
    'execve execveat connect accept accept4 bind listen sendto sendmsg sendmmsg mknod mknodat mq_open mq_unlink mq_notify mq_timedsend mq_timedreceive msgget ' +
    'msgsnd msgrcv msgctl shmget shmat shmctl semget semop semtimedop semctl ptrace process_vm_readv process_vm_writev pidfd_getfd open openat openat2 creat'
  ).split(' '),
)
