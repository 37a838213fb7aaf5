// COM on one machine: a process has another one run code for it.
import { imageName, type ProcessNode } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { isInterpreter } from '../command-content.ts'
import { aftermath, nameOf, short, startedFact } from '../surroundings.ts'

/** What one process has another run for it through a local class, script moniker or elevated moniker. */
export function localComExecution({ graph }: AnalyticContext): Detection[] {
  const found: Detection[] = []
  for (const process of graph.processes.values()) {
    if (Number.isNaN(process.start) || !process.parent) continue
    const elevated =
      imageName(process.parent.image) === 'dllhost.exe' &&
      /\{(3e5fc7f9-9a51-4367-9063-a120244fbec7|3e000d72-a845-4cd9-bd83-80c07c3b881f|d2e7041b-2927-42fb-8e9f-7ce93b6dc937)\}/i.exec(
        process.parent.commandLine ?? '',
      )
    if (elevated) found.push(describeElevated(process, elevated[0]))
    else if (
      /getobject\s*\(\s*['"]?\s*script:|\bscript:https?:|scrobj(\.dll)?/i.test(process.commandLine ?? '') &&
      isInterpreter(process)
    )
      found.push(describeMoniker(process))
  }
  return found
}

function describeElevated(process: ProcessNode, appId: string): Detection {
  const broker = process.parent!
  const result = detection(
    'AN0628/elevated-moniker',
    `${nameOf(process)} started elevated by a COM class`,
    process.host,
    process.start,
  )
  result.processes.push(process, broker)
  result.reasons.push(
    {
      support: 'indicator',
      weight: 24,
      text: `The COM class ${appId.toUpperCase()} (auto-elevated, documented for UAC bypass) hosted in dllhost.exe started ${nameOf(process)}.`,
      facts: startedFact(process),
    },
    {
      support: 'lineage',
      weight: 14,
      text: `dllhost.exe is the parent of ${short(process.commandLine ?? nameOf(process))}.`,
      facts: startedFact(process),
    },
  )
  if (/high|system/i.test(process.integrity ?? ''))
    result.reasons.push({
      support: 'after',
      weight: 12,
      text: `It runs at integrity ${process.integrity}.`,
      facts: startedFact(process),
    })
  result.techniques.push(
    { id: 'T1559.001', reason: 'An elevated COM class was used to start a process.' },
    { id: 'T1548.002', reason: 'The class is auto-elevated: no consent was asked for.' },
  )
  result.channels.push({
    kind: 'com',
    host: process.host.name,
    name: appId.toUpperCase(),
    server: broker,
    clients: [],
    time: process.start,
    facts: startedFact(process),
  })
  aftermath(process, process.start, result)
  result.gaps.push({
    text: 'Which process asked for the class is not in this telemetry.',
    wouldShow: 'Microsoft-Windows-RPC or COM ETW; Sysmon event 10 (the client opens the surrogate).',
  })
  return result
}

function describeMoniker(process: ProcessNode): Detection {
  const result = detection(
    'AN0628/script-moniker',
    `${nameOf(process)} ran a scriptlet through COM`,
    process.host,
    process.start,
  )
  result.processes.push(process)
  result.reasons.push({
    support: 'indicator',
    weight: 20,
    text: `A COM script moniker or scrobj.dll stands in the command line: ${short(process.commandLine ?? '')}`,
    facts: startedFact(process),
  })
  if (process.parent && isInterpreter(process.parent)) {
    result.processes.push(process.parent)
    result.reasons.push({
      support: 'lineage',
      weight: 12,
      text: `${nameOf(process.parent)} started it.`,
      facts: startedFact(process),
    })
  }
  result.processes.push(...aftermath(process, process.start, result))
  result.techniques.push({ id: 'T1559.001', reason: 'The scriptlet is loaded as a COM object.' })
  result.channels.push({
    kind: 'com',
    host: process.host.name,
    name: 'script moniker (scrobj.dll)',
    clients: [{ process }],
    time: process.start,
    facts: startedFact(process),
  })
  return result
}
