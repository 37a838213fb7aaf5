// Events of macOS Endpoint Security as eslogger writes them: what their fields are in Sigma's words. Names are those below `event.<type>`.
// Source: Apple, Endpoint Security framework, ESMessage.h and ESTypes.h (es_event_*_t); eslogger(1), JSON schema 1.
import type { FieldValue } from '@crosstalk/sigma'

export interface EsEventType {
  /** Sigma's category besides the service endpoint_security */
  readonly category?: string
  /** where it stands below `event.<type>.` → its name here */
  readonly fields?: Readonly<Record<string, string>>
  /** a file in two parts: name → the paths of the folder and of the name in it; or of a file that is there already */
  readonly file?: { readonly name: string; readonly directory: string; readonly leaf: string; readonly whole?: string }
}

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
  xpc_connect: { fields: { service_name: 'ServiceName', service_domain_type: 'ServiceDomainType' } },
  get_task: { fields: { type: 'TaskPortType' } },
  get_task_read: { fields: { type: 'TaskPortType' } },
  get_task_inspect: { fields: { type: 'TaskPortType' } },
  get_task_name: { fields: { type: 'TaskPortType' } },
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
      service: 'ServiceName',
      identity: 'Identity',
      identity_type: 'IdentityType',
      update_type: 'UpdateType',
      right: 'Right',
      reason: 'Reason',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'responsible.executable.path': 'ResponsibleImage',
    },
  },
  btm_launch_item_add: {
    fields: {
      'item.item_type': 'ItemType',
      'item.item_url': 'ItemUrl',
      'item.app_url': 'AppUrl',
      'item.legacy': 'Legacy',
      'item.managed': 'Managed',
      executable_path: 'TargetFilename',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'app.executable.path': 'AppImage',
    },
  },
  btm_launch_item_remove: {
    fields: {
      'item.item_type': 'ItemType',
      'item.item_url': 'ItemUrl',
      'item.app_url': 'AppUrl',
      'instigator.executable.path': 'InstigatorImage',
      'instigator.audit_token.pid': 'InstigatorProcessId',
      'app.executable.path': 'AppImage',
    },
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

/** Process ids come back; with its version a pid names one process until the next boot, and one image of it: exec raises the version. */
export const tokenOf = ([pid, version]: readonly (FieldValue | undefined)[]): string | undefined =>
  pid === undefined || version === undefined ? undefined : `${pid}.${version}`
