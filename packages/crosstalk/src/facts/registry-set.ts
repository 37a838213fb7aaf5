// Registry values that decide how processes may talk or what a call over a channel leaves behind. Everything else in the registry is left out.
import type { FactExtractor } from './extractor.ts'
import { factBase } from './field.ts'
import { bindRegistryWrite } from './registry-write.ts'

/** Sources by line: MS-SCMR 2.2 and "Services key"; COM registry entries ("COM Registry Keys", Microsoft Learn); ADV170021 for DDE; LanmanServer parameters. */
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
    String.raw`\\localaccounttokenfilterpolicy$`,
  ].join('|'),
  'i',
)

export const registrySet: FactExtractor = {
  name: 'registry-set',
  bind(shape) {
    const write = bindRegistryWrite(shape)
    if (!write) return undefined
    const { target, details, operation, actor, account } = write
    return (event, emit) => {
      const name = target(event)
      if (name === undefined || !KEYS.test(name)) return
      const detail: Record<string, string> = {}
      const written = details(event)
      if (written !== undefined) detail.Details = written
      const how = operation(event)
      if (how !== undefined) detail.EventType = how
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'registry-set',
        actor: actor(event),
        account: account(event),
        name,
        detail,
      })
    }
  },
}
