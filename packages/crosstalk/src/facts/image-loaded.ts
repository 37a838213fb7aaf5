// Libraries that tell of COM or WMI where one would not expect them: Sysmon 7 and every source that maps its own to Sigma's category image_load.
// Sparing: image loads are the most frequent of all events.
import type { FactExtractor } from './extractor.ts'
import { detailFields, endingOf, factBase, field } from './field.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

/** Windows Script Component runtime: script as a COM class. */
const SCRIPT_COMPONENT = /\\scrobj\.dll$/i
/** The client side of WMI's DCOM interfaces, and the task scheduler's COM interface: routine in system programs, telling elsewhere. */
const COM_CLIENT = /\\(?:wbemprox|wbemcomn|taskschd|comsvcs)\.dll$/i
/** What the patterns above end with, and the value of `Signed` that the last one needs: looked at first. */
const TELLING = ['scrobj.dll', 'wbemprox.dll', 'wbemcomn.dll', 'taskschd.dll', 'comsvcs.dll']
const UNSIGNED = ['false']
const USER_FOLDER = /^[a-z]:\\(?:users|programdata|temp|perflogs|windows\\temp|\$recycle\.bin)\\/i
/** Where Windows looks for its own libraries, all of which are signed: an unsigned one there was put there. */
const LIBRARY_FOLDER =
  /^[a-z]:\\(?:windows\\(?:system32|syswow64)(?:\\wbem)?|program files(?: \(x86\))?\\internet explorer)\\[^\\]+$/i
const SYSTEM_FOLDER = /^[a-z]:\\(?:windows|program files(?: \(x86\))?)\\/i
/** Run script or documents for whoever started them, though they lie in system folders. */
const SCRIPT_HOST =
  /\\(?:powershell|pwsh|wscript|cscript|mshta|rundll32|regsvr32|msbuild|installutil|winword|excel|powerpnt|outlook)\.exe$/i

export const imageLoaded: FactExtractor = {
  name: 'image-loaded',
  bind(shape) {
    if (!isWindowsEvent(shape, 'sysmon', 7) && !shape.is({ product: 'windows', category: 'image_load' }))
      return undefined
    const library = field(shape, ['ImageLoaded'])
    const image = field(shape, ['Image'])
    const isTelling = endingOf(shape, 'ImageLoaded', TELLING)
    const isUnsigned = endingOf(shape, 'Signed', UNSIGNED)
    const signed = field(shape, ['Signed'], 16)
    const actor = actorRef(shape)
    const detail = detailFields(shape, ['Signed', 'Signature', 'SignatureStatus', 'OriginalFileName', 'Hashes'])
    return (event, emit) => {
      if (!isTelling(event) && !isUnsigned(event)) return
      const name = library(event)
      if (name === undefined) return
      const tells =
        SCRIPT_COMPONENT.test(name) ||
        (COM_CLIENT.test(name) && isUnexpectedClient(image(event))) ||
        ((USER_FOLDER.test(name) || LIBRARY_FOLDER.test(name)) && /^false$/i.test(signed(event) ?? ''))
      if (!tells) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'image-loaded',
        actor: actor(event),
        name,
        detail: detail(event),
      })
    }
  },
}

const isUnexpectedClient = (image: string | undefined) =>
  image !== undefined && (!SYSTEM_FOLDER.test(image) || SCRIPT_HOST.test(image))
