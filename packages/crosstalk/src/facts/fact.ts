// Typed facts: what one event says happened, in the same words whatever wrote it. Plain, serialisable data (they cross
// thread borders); each carries the way back to its event. Facts know nothing of their neighbours: joining is the graph's work.

/** The way back to the event's bytes: `file` is an index into the run's list of inputs. Extractors leave it 0; who reads the input sets it. */
export interface FactEvidence {
  file: number
  offset: number
  length: number
  recordId: number
}

/** A process as one event names it; the graph finds out which process that is. */
export interface ProcessRef {
  /** Sysmon ProcessGuid (upper case, with braces), or another identity that the source guarantees unique */
  guid?: string
  pid?: number
  image?: string
  commandLine?: string
}

export interface AccountRef {
  /** without the domain */
  name?: string
  domain?: string
  sid?: string
  /** the account's number on its host (Linux, macOS); says nothing of any other host */
  uid?: string
  /** logon session, `0x3e7` form, lower case; of Linux the audit session (`ses`), of macOS the audit session too (`asid`) */
  logonId?: string
}

export interface FactBase {
  /** microseconds since 1970 UTC; NaN when the event has none */
  time: number
  host: string
  evidence: FactEvidence
}

export interface ProcessStarted extends FactBase {
  kind: 'process-started'
  process: ProcessRef
  parent: ProcessRef
  user: AccountRef
  integrity?: string
  /** `SHA256=…,MD5=…` as the source writes it */
  hashes?: string
  originalFileName?: string
  currentDirectory?: string
}

export interface ProcessEnded extends FactBase {
  kind: 'process-ended'
  process: ProcessRef
}

export interface Logon extends FactBase {
  kind: 'logon'
  outcome: 'logon' | 'explicit' | 'privileged' | 'failed' | 'logoff'
  account: AccountRef
  /** Windows logon type: 2 interactive, 3 network … */
  logonType?: number
  /** Linux and macOS: the program that let the account in: `sshd`, `su`, `sudo`, `cron`, `login` … */
  service?: string
  address?: string
  port?: number
  /** the name that the remote end gave itself */
  workstation?: string
  /** how it proved who it is: `Kerberos`, `NTLM`, `Negotiate` … */
  authentication?: string
  process?: ProcessRef
  /** explicit credentials (4648; su, sudo): the server they were sent to, and the account that sent them */
  target?: string
  by?: AccountRef
}

export interface Connection extends FactBase {
  kind: 'connection'
  process: ProcessRef
  user: AccountRef
  protocol: string
  /** as seen from `host` */
  direction: 'inbound' | 'outbound'
  /** '' and 0 where the event does not say: the local end of an outbound connection */
  localAddress: string
  localPort: number
  remoteAddress: string
  remotePort: number
  remoteName?: string
  /** told by the network and not by one of the ends: which moment of the connection its time is */
  onWire?: 'begun' | 'ended'
  /** the event does not say which end is the host's own: it was taken for the likelier one */
  endsGuessed?: true
}

/** Who had an address, as somebody tells it who should know: a directory, a lease, the machine's own list of interfaces. `host` is who tells. */
export interface AddressTold extends FactBase {
  kind: 'address-told'
  how: 'interface' | 'lease' | 'kerberos' | 'dns'
  /** the machine, as it is called there */
  name: string
  address: string
  /** when it ends, where that is said (leases); µs */
  until?: number
}

/** Which number an account has on the host: that of a process owner is all that some events write. */
export interface AccountTold extends FactBase {
  kind: 'account-told'
  account: AccountRef
}

export type ChannelKind =
  | 'named-pipe'
  | 'anonymous-pipe'
  | 'com'
  | 'dcom'
  | 'dde'
  | 'rpc'
  | 'mailslot'
  | 'window-message'
  | 'shared-memory'
  | 'unix-socket'
  | 'fifo'
  | 'message-queue'
  | 'semaphore'
  | 'dbus'
  | 'xpc'
  | 'mach-port'
  | 'apple-event'
  | 'ptrace'

/** One act on a channel. */
export interface Observation extends FactBase {
  kind: 'observation'
  channel: {
    kind: ChannelKind
    /** the host where the serving end is; '' when the event does not say */
    host: string
    /** pipe name without `\\.\pipe\` (case kept); CLSID/AppID in braces upper case, or ProgID, or the server's image; RPC interface name */
    name: string
  }
  /** `activate`: in `com` the actor is the server that was started, in `dcom` the client that asked; `listen`: the actor serves, the peer came */
  act: 'create' | 'listen' | 'connect' | 'activate' | 'send' | 'map' | 'attach' | 'configure' | 'refer'
  /** who acted, where the event says; `refer` means: a command line or script only names the channel */
  actor?: ProcessRef
  account?: AccountRef
  /** the other end, where the event says */
  peer?: { address?: string; port?: number; host?: string; process?: ProcessRef; account?: AccountRef }
  /** what else the event says that explains it (field name → value, verbatim) */
  detail: Record<string, string>
}

/** What was caused: something that outlives the event that tells of it. */
export interface Effect extends FactBase {
  kind: 'effect'
  what:
    | 'service-installed'
    | 'service-state'
    | 'service-changed'
    | 'task-registered'
    | 'task-deleted'
    | 'registry-set'
    | 'file-created'
    | 'share-file'
    | 'script-block'
    | 'wmi-activity'
    | 'image-loaded'
    | 'process-accessed'
    | 'remote-thread'
    | 'directory-access'
    | 'log-cleared'
  actor?: ProcessRef
  account?: AccountRef
  /** the service, task, key, file, script … */
  name: string
  detail: Record<string, string>
}

/** A rule's match, joined to the process that it is about. */
export interface RuleHit extends FactBase {
  kind: 'rule-hit'
  rule: string
  channel: string
  eventId: number | string
  process?: ProcessRef
  account?: AccountRef
  matched: Record<string, string>
  /** values that correlations over the rule ask for; taken off when they have looked */
  asked?: Record<string, string>
}

export type Fact =
  | ProcessStarted
  | ProcessEnded
  | Logon
  | Connection
  | AddressTold
  | AccountTold
  | Observation
  | Effect
  | RuleHit
