// COM on one machine: a server started for a client (the DcomLaunch service starts it, with `-Embedding` or as a surrogate), a class that a script
// or command line names, settings that say which code a class is.
import type { SourceShape } from '../events/event.ts'
import { accountRef, subjectAccount } from '../facts/account-ref.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field, MAX_TEXT } from '../facts/field.ts'
import { actorRef, baseName, processRef } from '../facts/process-ref.ts'
import { bindRegistryWrite } from '../facts/registry-write.ts'
import { isWindowsEvent } from '../facts/windows-event.ts'
import { comReferences, MAY_NAME_COM } from './com-references.ts'
import { className, servedByProcess } from './com-servers.ts'
import { bindFreeText, type Reference, readReferences, together } from './free-text.ts'

export const com: FactExtractor = {
  name: 'com',
  bind(shape) {
    const text = bindFreeText(shape)
    return together(
      bindActivated(shape),
      bindDenied(shape),
      bindSetting(shape),
      bindClassRead(shape),
      bindMissingClass(shape),
      text && readReferences(text, 'com', MAY_NAME_COM, localReferences),
    )
  },
}

function* localReferences(text: string): Generator<Reference> {
  for (const reference of comReferences(text)) if (reference.host === '') yield reference
}

/** COM gives a server that it starts `-Embedding` or `/Automation` (CoRegisterClassObject, "LocalServer32"); a DLL server gets dllhost.exe with its AppID. */
const SERVER_SWITCH = /\s["']?[-/](?:embedding|automation)\b/i
const SURROGATE = /\/processid:(\{[0-9a-f-]{36}\})/i
const CLASS_ID = /\{[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}/i
const DCOM_LAUNCH = /\\svchost\.exe"?\s.*-k\s+"?dcomlaunch\b/i

/** A COM server was started: it is the actor, the client is not in the event. */
function bindActivated(shape: SourceShape): ReadFacts | undefined {
  const is4688 = isWindowsEvent(shape, 'security', 4688)
  if (!is4688 && !isWindowsEvent(shape, 'sysmon', 1) && !shape.is({ product: 'windows', category: 'process_creation' }))
    return undefined
  const commandLine = field(shape, ['CommandLine', 'ProcessCommandLine'], MAX_TEXT)
  const parentCommandLine = field(shape, ['ParentCommandLine'], MAX_TEXT)
  const image = field(shape, ['Image', 'NewProcessName'])
  const server = processRef(shape, {
    guid: ['ProcessGuid'],
    pid: is4688 ? ['NewProcessId'] : ['ProcessId', 'ProcessID'],
    image: ['Image', 'NewProcessName'],
    commandLine: ['CommandLine', 'ProcessCommandLine'],
  })
  const account = accountRef(shape, {
    user: ['User'],
    name: ['TargetUserName', 'SubjectUserName'],
    domain: ['TargetDomainName', 'SubjectDomainName'],
    logonId: ['LogonId', 'TargetLogonId', 'SubjectLogonId'],
  })
  return (event, emit) => {
    const line = commandLine(event) ?? ''
    const parent = parentCommandLine(event) ?? ''
    const surrogate = SURROGATE.exec(line)
    const byDcomLaunch = DCOM_LAUNCH.test(parent)
    if (!surrogate && !byDcomLaunch && !SERVER_SWITCH.test(line)) return
    const id = (surrogate?.[1] ?? CLASS_ID.exec(line)?.[0])?.toUpperCase()
    const known = id && className(id)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'com', host: event.host, name: id ?? baseName(image(event)) },
      act: 'activate',
      actor: server(event),
      account: account(event),
      detail: {
        ...(line !== '' && { CommandLine: line }),
        ...(byDcomLaunch && { ParentCommandLine: parent }),
        ...(known && { class: known }),
      },
    })
  }
}

/** DistributedCOM 10016 of a caller on the same machine: activation or launch refused by a class's permissions. Many machines log it all day. */
function bindDenied(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'distributed-com', 10016)) return undefined
  const clsid = field(shape, ['param4'], 64)
  const address = field(shape, ['param9'])
  const account = accountRef(shape, { domain: ['param6'], name: ['param7'], sid: ['param8'] })
  const detail = detailFields(shape, ['param1', 'param2', 'param3', 'param5', 'param9', 'param10'])
  return (event, emit) => {
    if (!isLocalCaller(address(event))) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'com', host: event.host, name: clsid(event)?.toUpperCase() ?? '' },
      act: 'activate',
      account: account(event),
      detail: { eventId: '10016', ...detail(event) },
    })
  }
}

/** 10016 writes `LocalHost (Using LRPC)` for callers on the same machine. */
export const isLocalCaller = (address: string | undefined) => address === undefined || /LRPC|LocalHost/i.test(address)

/** Which code a class is, who may launch it, and as whom it runs ("COM Registry Keys", Microsoft Learn). */
const SETTINGS =
  /\\(?:clsid\\(\{[^}\\]+\})\\(?:inprocserver32|inprochandler32|localserver32|treatas|progid|scriptleturl|autoconvertto)|appid\\(\{[^}\\]+\})\\(?:dllsurrogate|runas|launchpermission|accesspermission|localservice|remoteservername)|microsoft\\(?:ole|com3)\\(enabledcom|enableremoteconnect|machinelaunchrestriction|machineaccessrestriction|defaultlaunchpermission|defaultaccesspermission|legacyauthenticationlevel|requireintegrityactivationauthenticationlevel))(?:\\|$)/i

function bindSetting(shape: SourceShape): ReadFacts | undefined {
  const write = bindRegistryWrite(shape)
  if (!write) return undefined
  return (event, emit) => {
    const target = write.target(event)
    const setting = target === undefined ? null : SETTINGS.exec(target)
    if (!target || !setting) return
    const id = setting[1] ?? setting[2]
    const details = write.details(event)
    const how = write.operation(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'com', host: event.host, name: id?.toUpperCase() ?? setting[3] },
      act: 'configure',
      actor: write.actor(event),
      account: write.account(event),
      detail: { TargetObject: target, ...(details && { Details: details }), ...(how && { EventType: how }) },
    })
  }
}

/** A process asked for a class that is not registered (Microsoft-Windows-COM 1, traced). */
function bindMissingClass(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'com', 1)) return undefined
  const classId = field(shape, ['CLSID'], 64)
  const actor = processRef(shape, { pid: ['Execution_ProcessID'], image: ['Execution_ProcessName'] })
  return (event, emit) => {
    const id = CLASS_ID.exec(`{${(classId(event) ?? '').replace(/[{}]/g, '')}}`)?.[0].toUpperCase()
    if (id === undefined) return
    const name = className(id)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'com', host: event.host, name: id },
      act: 'refer',
      actor: actor(event),
      detail: { failed: 'class not registered', ...(name && { class: name }) },
    })
  }
}

/** A handle to the key of a class that a process serves (Security 4656, 4663 where the key is audited): who reads it is about to activate the class. */
function bindClassRead(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'security', 4656, 4663)) return undefined
  const object = field(shape, ['ObjectName'])
  const actor = actorRef(shape)
  const account = subjectAccount(shape)
  return (event, emit) => {
    const name = object(event)
    const id = name === undefined ? undefined : /\\classes\\clsid\\(\{[0-9a-f-]{36}\})$/i.exec(name)?.[1].toUpperCase()
    if (!name || !id || !servedByProcess(id)) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'com', host: event.host, name: id },
      act: 'refer',
      actor: actor(event),
      account: account(event),
      detail: { ObjectName: name, class: className(id)! },
    })
  }
}
