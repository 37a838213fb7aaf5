// The attacks that day.sh plays, and what a hunt must say of each.
export interface RecordedAttack {
  id: string
  story: string
  account: string
  techniques: string[]
  channelKinds: string[]
  /** regular expressions that the case must match somewhere */
  mentions: string[]
}

export const ATTACKS: readonly RecordedAttack[] = [
  {
    id: 'fifo-shell',
    story:
      'The shop passes a parameter to a shell. Through it comes a shell over the FIFO /tmp/.q and openssl to 203.0.113.45, which asks id and uname.',
    account: 'shop',
    techniques: ['T1559', 'T1059.004'],
    channelKinds: ['fifo'],
    mentions: ['/tmp/\\.q', 'mkfifo', '203\\.0\\.113\\.45'],
  },
  {
    id: 'agent-socket',
    story: "A script of root speaks to the socket of maria's ssh-agent and asks which keys it holds.",
    account: 'root',
    techniques: ['T1559'],
    channelKinds: ['unix-socket'],
    mentions: ['/tmp/ssh-XXmaria/agent\\.4711', 'python3'],
  },
  {
    id: 'queues',
    story:
      'Through the shop a program is put into /dev/shm and run: it uses System V and POSIX queues, shared memory, a socket in /tmp, an abstract one and a memory file.',
    account: 'shop',
    techniques: ['T1559'],
    channelKinds: ['unix-socket', 'shared-memory', 'message-queue'],
    mentions: ['/dev/shm/\\.x/kworker', 'x-link'],
  },
  {
    id: 'ptrace',
    story: "A program in /tmp attaches to the ledger service with that service's account and writes to its memory.",
    account: 'ledger',
    techniques: ['T1559'],
    channelKinds: ['ptrace'],
    mentions: ['/tmp/\\.attach'],
  },
  {
    id: 'dbus',
    story:
      'Through the shop somebody listens on the system bus and asks systemd to start a unit that runs a shell (systemd is not there, so nothing starts).',
    account: 'shop',
    techniques: ['T1559'],
    channelKinds: ['dbus'],
    mentions: ['org\\.freedesktop\\.systemd1', 'StartTransientUnit', 'dbus-monitor'],
  },
]
