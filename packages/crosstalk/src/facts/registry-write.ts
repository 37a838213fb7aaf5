// Writes to the registry: Sysmon 12-14, Security 4657, and every source that maps its own to Sigma's registry categories. Only keys that matter to
// inter-process communication, and to what its abuse leaves behind: the registry is written thousands of times a minute.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { joinTarget } from '../events/registry-target.ts'
import { processAccount } from './account-ref.ts'
import type { AccountRef, ProcessRef } from './fact.ts'
import { type Field, field, MAX_NAME, MAX_TEXT } from './field.ts'
import { oncePerEvent, oncePerShape } from './once-per-event.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

export interface RegistryWrite {
  /** key and value name as Sysmon writes them: `HKLM\…`, `HKU\S-1-5-21-…\…`; undefined also for keys that do not matter here */
  target(event: SourceEvent): string | undefined
  /** what was written, as the event writes it */
  details: Field
  /** SetValue, CreateKey, DeleteValue … */
  operation: Field
  actor(event: SourceEvent): ProcessRef
  account(event: SourceEvent): AccountRef
}

/** Sources by line: MS-SCMR 2.2 and "Services key"; COM registry entries ("COM Registry Keys", Microsoft Learn); ADV170021 for DDE; LanmanServer parameters; "Run and RunOnce Registry Keys" (Microsoft Learn). */
const KEYS = new RegExp(
  [
    String.raw`\\services\\[^\\]+\\(?:imagepath|start|deleteflag|objectname|failurecommand|servicedll|parameters\\servicedll)$`,
    String.raw`\\clsid\\\{[^}\\]+\}\\(?:inprocserver32|inprochandler32|localserver32|treatas|progid|scriptleturl|autoconvertto)(?:\\|$)`,
    String.raw`\\appid\\\{[^}\\]+\}\\(?:dllsurrogate|runas|launchpermission|accesspermission|localservice|remoteservername)$`,
    String.raw`\\microsoft\\(?:ole|com3)\\(?:enabledcom|enableremoteconnect|machinelaunchrestriction|machineaccessrestriction|defaultlaunchpermission|defaultaccesspermission|legacyauthenticationlevel|requireintegrityactivationauthenticationlevel)$`,
    String.raw`\\(?:allowdde|ddeallowed|ddecleaned|disableddeserverlaunch|disableddeserverlookup|dontupdatelinks|workbooklinkwarnings|fnocalclinksonopen_90_1)$`,
    String.raw`\\shell\\[^\\]+\\ddeexec(?:\\|$)`,
    String.raw`\\lanmanserver\\parameters\\(?:nullsessionpipes|nullsessionshares|restrictnullsessaccess)$`,
    String.raw`\\control\\lsa\\(?:restrictanonymous|everyoneincludesanonymous)$`,
    String.raw`\\npfs\\aliases(?:\\|$)`,
    String.raw`\\currentversion\\(?:run|runonce)\\[^\\]+$`,
    String.raw`\\localaccounttokenfilterpolicy$`,
  ].join('|'),
  'i',
)

const CATEGORIES = ['registry_set', 'registry_add', 'registry_delete', 'registry_rename', 'registry_event']

export const bindRegistryWrite = oncePerShape((shape: SourceShape): RegistryWrite | undefined => {
  const actor = actorRef(shape)
  const account = processAccount(shape)
  if (isWindowsEvent(shape, 'security', 4657)) {
    const key = field(shape, ['ObjectName'])
    const value = field(shape, ['ObjectValueName'])
    return {
      target: mattering((event) => joinTarget(key(event), value(event))),
      details: field(shape, ['NewValue'], MAX_TEXT),
      operation: auditOperation(field(shape, ['OperationType'], 64)),
      actor,
      account,
    }
  }
  const isRegistry =
    isWindowsEvent(shape, 'sysmon', 12, 13, 14) ||
    CATEGORIES.some((category) => shape.is({ product: 'windows', category }))
  if (!isRegistry) return undefined
  const target = field(shape, ['TargetObject'], MAX_NAME)
  return {
    target: mattering((event) => joinTarget(target(event), undefined)),
    details: field(shape, ['Details', 'NewName'], MAX_TEXT),
    operation: field(shape, ['EventType'], 64),
    actor,
    account,
  }
})

/** The target when it matters, read once an event. */
const mattering = (target: Field): Field =>
  oncePerEvent((event) => {
    const name = target(event)
    return name !== undefined && KEYS.test(name) ? name : undefined
  })

/** 4657's operation is a message of msobjs.dll. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['%%1904', 'CreateValue'],
  ['%%1905', 'SetValue'],
  ['%%1906', 'DeleteValue'],
])
const auditOperation =
  (operation: Field): Field =>
  (event) => {
    const text = operation(event)
    return text === undefined ? undefined : (OPERATIONS.get(text.trim()) ?? text)
  }
