// AN1393 (ATT&CK DET0504): Dynamic Data Exchange. Office starts a program because a field in a document said so; or Office's settings were
// changed so that it would.
import type { Observation } from '../facts/fact.ts'
import { type Graph, type HostNode, imageName, MINUTE, type ProcessNode, SECOND } from '../graph/graph.ts'
import { type Analytic, type AnalyticContext, type Detection, detection } from './analytic.ts'
import { contentHints, isInterpreter, isUserWritable } from './command-content.ts'
import { aftermath, nameOf, short, startedFact } from './surroundings.ts'

/** Programs that read documents which may hold DDE fields or formulas. */
const OFFICE = new Set([
  'winword.exe',
  'excel.exe',
  'powerpnt.exe',
  'outlook.exe',
  'msaccess.exe',
  'mspub.exe',
  'visio.exe',
  'onenote.exe',
  'wordpad.exe',
  'eqnedt32.exe',
  'scalc.exe',
  'soffice.bin',
])
/** DDE itself is served by these. */
const DDE_HOSTS = new Set(['winword.exe', 'excel.exe', 'outlook.exe', 'soffice.bin', 'scalc.exe'])
/** Children that Office has by itself. */
const OFFICE_ROUTINE =
  /\\(splwow64|msosync|ai|conhost|werfault|dw20|officeclicktorun|sdxhelper|msoia|onenotem|ctfmon|outlook|winword|excel|powerpnt|protocolhandler|explorer|iexplore|msedge|chrome|firefox|acrord32|acrobat|adobearm)\.exe$/i

function officeChildren({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  const byParent = new Map<ProcessNode, ProcessNode[]>()
  for (const process of graph.processes.values()) {
    const parent = process.parent
    if (
      !parent ||
      Number.isNaN(process.start) ||
      !OFFICE.has(imageName(parent.image)) ||
      OFFICE_ROUTINE.test(process.image)
    )
      continue
    if (!isInterpreter(process) && !isUserWritable(process.image)) continue
    const list = byParent.get(parent)
    if (list) list.push(process)
    else byParent.set(parent, [process])
  }
  for (const [office, children] of byParent) {
    // Activated over COM, the story is another one (AN0628).
    if (/\s[-/](embedding|automation)\b/i.test(office.commandLine ?? '') && !hasDdeTrace(children)) continue
    found.push(
      describe(
        graph,
        office,
        children.sort((a, b) => a.start - b.start),
      ),
    )
  }
  return found
}

/** What is left of a DDE formula in the command line that it started. */
const hasDdeTrace = (children: readonly ProcessNode[]) =>
  children.some((child) => /ddeauto|\|'?\s*\/c|!a\d|\/dde\b/i.test(child.commandLine ?? ''))

function describe(graph: Graph, office: ProcessNode, children: ProcessNode[]): Detection {
  const first = children[0]
  const name = imageName(office.image)
  const documentName = documentOf(office)
  const result = detection(
    'AN1393/office-child',
    `${nameOf(office)}${documentName ? ` with ${documentName}` : ''} started ${nameOf(first)}`,
    office.host,
    first.start,
  )
  result.until = children.at(-1)!.start
  result.processes.push(office, ...children)
  result.reasons.push({
    support: 'lineage',
    weight: 24,
    text: `${nameOf(office)} started ${nameOf(first)}: ${short(first.commandLine ?? 'command line not recorded')}`,
    facts: children.flatMap(startedFact).slice(0, 6),
  })
  if (children.length > 1 && children.at(-1)!.start - first.start < 10 * SECOND)
    result.reasons.push({
      support: 'adjacency',
      weight: 10,
      text: `${children.length} such children came within ${Math.max(1, Math.round((children.at(-1)!.start - first.start) / SECOND))} s.`,
      facts: children.flatMap(startedFact).slice(0, 4),
    })
  if (documentName)
    result.reasons.push({
      support: 'before',
      weight: isUserWritable(documentPath(office) ?? '') ? 12 : 8,
      text: `It had opened ${documentPath(office)}.`,
      facts: startedFact(office),
    })
  if (first.start - office.start < 2 * MINUTE)
    result.reasons.push({
      support: 'adjacency',
      weight: 8,
      text: `That was ${Math.max(0, Math.round((first.start - office.start) / SECOND))} s after ${nameOf(office)} started.`,
      facts: [...startedFact(office), ...startedFact(first)],
    })
  for (const child of children) result.processes.push(...aftermath(child, first.start, result))
  settings(graph, office.host, result)
  const trace = hasDdeTrace(children)
  if (trace)
    result.reasons.push({
      support: 'indicator',
      weight: 20,
      text: 'What is left of a DDE formula stands in the command line.',
      facts: children.flatMap(startedFact).slice(0, 2),
    })
  if (DDE_HOSTS.has(name)) {
    result.channels.push({
      kind: 'dde',
      host: office.host.name,
      name: ddeName(first),
      server: first,
      clients: [{ process: office }],
      time: first.start,
      facts: [...startedFact(office).slice(0, 1), ...startedFact(first).slice(0, 1)],
    })
    result.techniques.push({
      id: 'T1559.002',
      reason: `${nameOf(office)} starting ${nameOf(first)} is what a DDE field does.`,
    })
    if (!trace)
      result.assumptions.push(
        'DDE, a macro and an exploit look alike in process events; DDE is one of them. The document decides.',
      )
    result.gaps.push({
      text: 'The document itself, and so whether it holds a DDE field or a macro, is not in this telemetry.',
      wouldShow:
        'The document (collect it before it is closed), Office alerts (OAlerts event 300: the DDE prompt), AMSI/ScanEngine events for macros, Sysmon event 7 for vbe7.dll (macro) in the Office process.',
    })
  } else result.techniques.push({ id: 'T1559', reason: `${nameOf(office)} handed execution to ${nameOf(first)}.` })
  result.techniques.push({ id: 'T1204.002', reason: 'A document that a user opened started it.' })
  return result
}

const ddeName = (child: ProcessNode) => `${nameOf(child)} (application named by the document)`

function documentPath(office: ProcessNode): string | undefined {
  return (
    /"([^"]+\.(do[ct][xm]?|xl[st]?[xmb]?|csv|rtf|pp[ts][xm]?|msg|eml|iqy|slk|pub|one|odt|ods))"/i.exec(
      office.commandLine ?? '',
    )?.[1] ??
    /\s([a-z]:\\\S+\.(do[ct][xm]?|xl[st]?[xmb]?|csv|rtf|pp[ts][xm]?|iqy|slk))\b/i.exec(office.commandLine ?? '')?.[1]
  )
}
const documentOf = (office: ProcessNode) => documentPath(office)?.split(/[\\/]/).at(-1)

/** DDE settings of Office on that host, changed in the same telemetry. */
function settings(graph: Graph, host: HostNode, result: Detection): void {
  const changes = graph.observations.filter(
    (one) =>
      one.channel.kind === 'dde' &&
      one.act === 'configure' &&
      one.detail.means !== 'restricts' &&
      graph.hostNamed(one.host, one.time) === host,
  )
  if (changes.length)
    result.reasons.push({
      support: 'before',
      weight: 14,
      text: `Office's DDE settings were changed on ${host.name}: ${changes[0].channel.name}.`,
      facts: changes.slice(0, 4),
    })
}

/** Settings changed by something that is not the user's dialog nor policy; nothing ran yet. */
function weakenedSettings({ graph }: AnalyticContext): Detection[] {
  const byHost = new Map<HostNode, Observation[]>()
  for (const one of graph.observations) {
    if (one.channel.kind !== 'dde' || one.act !== 'configure' || one.detail.means === 'restricts') continue
    const host = graph.hostNamed(one.host, one.time)
    if (!host || OFFICE.has(imageName(one.actor?.image))) continue
    const list = byHost.get(host)
    if (list) list.push(one)
    else byHost.set(host, [one])
  }
  return [...byHost].map(([host, changes]) => describeSettings(graph, host, changes))
}

function describeSettings(graph: Graph, host: HostNode, changes: Observation[]): Detection {
  const first = changes[0]
  const actor = graph.processOf(first)
  const result = detection('AN1393/dde-settings', `DDE settings of Office changed on ${host.name}`, host, first.time)
  result.until = changes.at(-1)!.time
  result.reasons.push({
    support: 'indicator',
    weight: 16,
    text: `${actor ? nameOf(actor) : 'A process that was not recorded'} set ${first.channel.name}${first.detail.Details ? ` to ${first.detail.Details}` : ''}.`,
    facts: changes.slice(0, 6),
  })
  if (actor) {
    result.processes.push(actor)
    if (isInterpreter(actor) || /^reg\.exe$/i.test(nameOf(actor)))
      result.reasons.push({
        support: 'lineage',
        weight: 12,
        text: `A command did it, not Office's own dialog: ${short(actor.commandLine ?? actor.image)}`,
        facts: startedFact(actor).length ? startedFact(actor) : [first],
      })
    if (contentHints(actor).length) aftermath(actor, first.time, result)
  }
  result.channels.push({
    kind: 'dde',
    host: host.name,
    name: first.channel.name,
    clients: actor ? [{ process: actor }] : [],
    time: first.time,
    facts: changes.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559.002', reason: 'The setting decides whether Office follows DDE fields.' },
    { id: 'T1112', reason: `The registry value ${first.channel.name} was written.` },
  )
  return result
}

export const an1393: Analytic = {
  id: 'AN1393',
  title: 'Abuse of Dynamic Data Exchange',
  techniques: ['T1559.002'],
  platforms: ['Windows'],
  find: (context) => [...officeChildren(context), ...weakenedSettings(context)],
}
