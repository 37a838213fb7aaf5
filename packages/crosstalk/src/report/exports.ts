// Every form in which a case can be exported. A new one is one file or folder, and one line here.
import { attackFlow } from './attack-flow.ts'
import { bag } from './bag/bag.ts'
import { htmlExport } from './html/export.ts'
import { markdown } from './markdown.ts'
import { navigator } from './navigator.ts'
import { ocsf } from './ocsf.ts'
import type { Export } from './report.ts'
import { stix } from './stix/bundle.ts'
import { timesketch } from './timesketch.ts'

export const EXPORTS: readonly Export[] = [bag, stix, ocsf, timesketch, navigator, attackFlow, markdown, htmlExport]
