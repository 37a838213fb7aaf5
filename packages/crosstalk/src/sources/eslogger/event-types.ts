// Events of macOS Endpoint Security as eslogger writes them: what their fields are in Sigma's words. Names are those below `event.<type>`.
// Source: Apple, Endpoint Security framework, ESMessage.h and ESTypes.h (es_event_*_t); eslogger(1), JSON schema 1.
import type { FieldValue } from '@crosstalk/sigma'

export interface EsEventType {
  /** Sigma's category besides the service endpoint_security */
  readonly category?: string
  /** where it stands below `event.<type>.` → its name here */
  readonly fields?: Readonly<Record<string, string>>
  /** numbers that are put into words: where it stands → its name here, and the words */
  readonly words?: Readonly<Record<string, { readonly name: string; readonly words: Words }>>
  /** a file in two parts: name → the paths of the folder and of the name in it; or of a file that is there already */
  readonly file?: { readonly name: string; readonly directory: string; readonly leaf: string; readonly whole?: string }
}

type Words = Readonly<Record<number, string>>

/** es_get_task_type_t */
const TASK_TYPES: Words = { 0: 'task_for_pid', 1: 'expose_task', 2: 'identity_token' }
/** es_xpc_domain_type_t */
const XPC_DOMAINS: Words = {
  1: 'system',
  2: 'user',
  3: 'user_login',
  4: 'session',
  5: 'pid',
  6: 'manager',
  7: 'port',
  8: 'gui',
}
/** es_tcc_event_type_t and es_tcc_authorization_right_t */
const TCC_UPDATES: Words = { 0: 'unknown', 1: 'create', 2: 'modify', 3: 'delete' }
const TCC_RIGHTS: Words = {
  0: 'denied',
  1: 'unknown',
  2: 'allowed',
  3: 'limited',
  4: 'add_modify_added',
  5: 'session_pid',
  6: 'learn_more',
}
/** es_btm_item_type_t */
const ITEM_TYPES: Words = { 0: 'user_item', 1: 'app', 2: 'login_item', 3: 'agent', 4: 'daemon' }
const TASK: EsEventType = { words: { type: { name: 'TaskType', words: TASK_TYPES } } }

export const EVENT_TYPES: Readonly<Record<string, EsEventType>> = {
  // exec is read by eslogger-form.ts itself: its process is the one before, its target the one after.
  exec: { category: 'process_creation' },
  fork: {
    fields: {
      'child.executable.path': 'TargetImage',
      'child.audit_token.pid': 'TargetProcessId',
    },
  },
  exit: { category: 'process_termination', fields: { stat: 'ExitStatus' } },
  xpc_connect: {
    fields: { service_name: 'ServiceName' },
    words: { service_domain_type: { name: 'ServiceDomain', words: XPC_DOMAINS } },
  },
  get_task: TASK,
  get_task_read: TASK,
  get_task_inspect: TASK,
  get_task_name: TASK,
  remote_thread_create: {},
  trace: {},
  proc_check: { fields: { type: 'CheckType', flavor: 'CheckFlavor' } },
  proc_suspend_resume: { fields: { type: 'SuspendType' } },
  signal: { fields: { sig: 'Signal' } },
  uipc_bind: {
    fields: { mode: 'SocketMode' },
    file: { name: 'SocketPath', directory: 'dir.path', leaf: 'filename' },
  },
  uipc_connect: {
    fields: { 'file.path': 'SocketPath', domain: 'SocketDomain', type: 'SocketType', protocol: 'SocketProtocol' },
  },
  tcc_modify: {
    fields: {
      service: 'TccService',
      identity: 'TccIdentity',
      identity_type: 'TccIdentityType',
      reason: 'TccReason',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'responsible.executable.path': 'ResponsibleImage',
    },
    words: {
      update_type: { name: 'TccUpdateType', words: TCC_UPDATES },
      right: { name: 'TccRight', words: TCC_RIGHTS },
    },
  },
  btm_launch_item_add: {
    fields: {
      'item.item_url': 'ItemPath',
      'item.app_url': 'AppUrl',
      'item.legacy': 'Legacy',
      'item.managed': 'Managed',
      executable_path: 'ItemProgram',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'app.executable.path': 'AppImage',
    },
    words: { 'item.item_type': { name: 'ItemType', words: ITEM_TYPES } },
  },
  btm_launch_item_remove: {
    fields: {
      'item.item_url': 'ItemPath',
      'item.app_url': 'AppUrl',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'app.executable.path': 'AppImage',
    },
    words: { 'item.item_type': { name: 'ItemType', words: ITEM_TYPES } },
  },
  create: {
    category: 'file_event',
    file: {
      name: 'TargetFilename',
      directory: 'destination.new_path.dir.path',
      leaf: 'destination.new_path.filename',
      whole: 'destination.existing_file.path',
    },
  },
  unlink: { category: 'file_delete', fields: { 'target.path': 'TargetFilename' } },
  rename: {
    category: 'file_rename',
    fields: { 'source.path': 'SourceFilename' },
    file: {
      name: 'TargetFilename',
      directory: 'destination.new_path.dir.path',
      leaf: 'destination.new_path.filename',
      whole: 'destination.existing_file.path',
    },
  },
  open: { fields: { 'file.path': 'TargetFilename' } },
  write: { fields: { 'target.path': 'TargetFilename' } },
  close: { fields: { 'target.path': 'TargetFilename', modified: 'Modified' } },
  mmap: { fields: { 'source.path': 'TargetFilename' } },
  iokit_open: { fields: { user_client_class: 'UserClientClass' } },
  kextload: { fields: { identifier: 'Identifier' } },
}

/** Fields of a process (es_process_t), and what they are called when it is the one that acts. */
export const PROCESS_FIELDS: Readonly<Record<string, string>> = {
  'executable.path': 'Image',
  'audit_token.pid': 'ProcessId',
  ppid: 'ParentProcessId',
  signing_id: 'SigningId',
  team_id: 'TeamId',
  is_platform_binary: 'IsPlatformBinary',
  cdhash: 'CdHash',
  'audit_token.asid': 'LogonId',
}

/** eslogger writes user ids alone; only root has no other name. */
export const userOf = (id: FieldValue | undefined): FieldValue | undefined =>
  id === 0 ? 'root' : id === undefined || id === null ? undefined : String(id)

/** audit_token_t as a list of its eight numbers (bsm/audit.h; libbsm, audit_token_to_au32): so eslogger writes it since macOS 26, before as an object. */
const TOKEN: readonly string[] = ['auid', 'euid', 'egid', 'ruid', 'rgid', 'pid', 'asid', 'pidversion']

/** One number of an audit token that is a list. */
export const tokenPart = (token: FieldValue | undefined, part: string): FieldValue | undefined => {
  const value: unknown = Array.isArray(token) && token.length === TOKEN.length ? token[TOKEN.indexOf(part)] : undefined
  return typeof value === 'number' ? value : undefined
}

/** Fields of a process that stand in its audit token. */
export const TOKEN_FIELDS: Readonly<Record<string, string>> = { pid: 'ProcessId', asid: 'LogonId' }

/** Process ids come back; with its version a pid names one process until the next boot, and one image of it: exec raises the version. */
export const tokenOf = ([pid, version, token]: readonly (FieldValue | undefined)[]): string | undefined => {
  const id = pid ?? tokenPart(token, 'pid')
  const its = version ?? tokenPart(token, 'pidversion')
  return id === undefined || its === undefined ? undefined : `${id}.${its}`
}
