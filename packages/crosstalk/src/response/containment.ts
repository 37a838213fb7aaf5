// The containment plan: in an order that spares evidence. First what only looks, then what isolates while memory stays, then what ends. Commands are
// filled from the case's own evidence; where a value is unknown the action says so instead of inventing one.
import type { CaseAccount, CaseChannel, CaseHost, CaseProcess, CaseRemote, ContainmentAction } from '../cases/case.ts'
import { ending, locking, type Platform, platformOf, volatileState } from './unix-commands.ts'

export interface ContainmentInput {
  hosts: readonly CaseHost[]
  accounts: readonly CaseAccount[]
  /** processes that the case is about, without their ordinary ancestors */
  processes: readonly CaseProcess[]
  channels: readonly CaseChannel[]
  remotes: readonly CaseRemote[]
  /** names of services and tasks that the abuse made, with the host */
  services: readonly { host: string; name: string; evidence: string[] }[]
  techniques: readonly string[]
}

type Action = Omit<ContainmentAction, 'order'>

export function containmentPlan(input: ContainmentInput): ContainmentAction[] {
  const actions = [...collect(input), ...isolate(input), ...stop(input), ...recover(input)]
  return actions.map((action, at) => ({ order: at + 1, ...action }))
}

const targets = (input: ContainmentInput) =>
  input.hosts.filter((host) => host.role !== 'peer' && !/^[\d.:a-f]+$/i.test(host.name))
const evidenceOf = (list: readonly { evidence: string[] }[]) =>
  [...new Set(list.flatMap((one) => one.evidence))].slice(0, 8)
const platformAt = (input: ContainmentInput, host: string): Platform =>
  platformOf(input.processes.filter((one) => one.host === host))
const baseName = (image: string) => image.split(/[\\/]/).at(-1) ?? image
/** Single quotes for PowerShell: nothing inside is evaluated. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

const windowsState = (pids: readonly CaseProcess[]): string[] => [
  'Get-ChildItem \\\\.\\pipe\\ | Select-Object Name',
  'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,Name,CommandLine,CreationDate',
  'Get-NetTCPConnection | Select-Object LocalAddress,LocalPort,RemoteAddress,RemotePort,State,OwningProcess',
  ...pids
    .slice(0, 4)
    .map(
      (one) =>
        `Get-Process -Id ${one.pid} -ErrorAction SilentlyContinue | Select-Object Id,Path,StartTime  # ${one.image.split('\\').at(-1)}`,
    ),
]

function collect(input: ContainmentInput): Action[] {
  return targets(input).map((host) => {
    const pids = input.processes.filter((one) => one.host === host.name && one.pid !== undefined && one.pid > 4)
    const platform = platformAt(input, host.name)
    return {
      action: `On ${host.name}: take memory and the volatile state of processes, pipes and sessions before anything is changed.`,
      why:
        platform === 'windows'
          ? 'Pipes, COM objects, injected code and logon sessions live in memory only; every later step alters or ends them.'
          : 'Sockets, queues, shared memory and injected code live in memory only; every later step alters or ends them.',
      cost: 'Needs a responder on the host or an agent; writes a file the size of memory, preferably to another disk. The attacker may notice the agent.',
      commands: platform === 'windows' ? windowsState(pids) : volatileState(platform, pids.slice(0, 4)),
      evidence: evidenceOf(pids),
    }
  })
}

function isolate(input: ContainmentInput): Action[] {
  const actions: Action[] = []
  for (const remote of input.remotes.filter((one) => one.direction === 'inbound').slice(0, 3)) {
    const ports = [445, 139, 135].includes(remote.port ?? 0) ? '135,139,445' : '135,139,445,49152-65535'
    actions.push({
      action: `Block ${remote.address} towards the hosts of this case on RPC and SMB.`,
      why: 'The channel was reached from there; blocked, it cannot be used again, while the machines stay up for examination.',
      cost: `Legitimate management from ${remote.address} stops too. The block is visible to the attacker when the next call fails.`,
      commands: [
        `New-NetFirewallRule -DisplayName 'Crosstalk containment ${remote.address}' -Direction Inbound -RemoteAddress ${remote.address} -Protocol TCP -LocalPort ${ports} -Action Block`,
      ],
      evidence: remote.evidence.slice(0, 6),
    })
  }
  for (const host of targets(input)) {
    actions.push({
      action: `Isolate ${host.name} from the network, leaving it powered on.`,
      why: 'Stops command and control and further movement; memory and open handles stay for examination.',
      cost: 'The user or service on it is cut off; use the EDR’s isolation where there is one, so that the responders keep their connection.',
      commands: [],
      evidence: [],
    })
  }
  return actions
}

const ENDABLE = (one: CaseProcess) =>
  one.pid !== undefined &&
  one.pid > 4 &&
  !/^(?:(?:system|services|svchost|lsass|wininit|winlogon|csrss|smss|explorer|wmiprvse)(?:\.exe)?|systemd|dbus-daemon|sshd|launchd|loginwindow)$/i.test(
    baseName(one.image),
  )

function stop(input: ContainmentInput): Action[] {
  const actions: Action[] = []
  const running = input.processes.filter(ENDABLE)
  for (const host of targets(input)) {
    const here = running.filter((one) => one.host === host.name)
    if (!here.length) continue
    const platform = platformAt(input, host.name)
    actions.push({
      action: `On ${host.name}: suspend, then end ${here
        .map((one) => `${baseName(one.image)} (${one.pid})`)
        .slice(0, 6)
        .join(', ')}, children first.`,
      why: 'They are the ends of the channel and what was run through it. Suspended, they can still be examined.',
      cost: 'Ends what they hold in memory. Check pid and start time first: pids are reused.',
      commands: here
        .slice(0, 6)
        .map((one) =>
          platform === 'windows'
            ? `Get-Process -Id ${one.pid} | Where-Object { $_.Path -like ${quoted(`*${baseName(one.image)}`)} } | Stop-Process -Confirm`
            : ending(platform, one),
        ),
      evidence: evidenceOf(here),
    })
  }
  for (const service of input.services.slice(0, 6)) {
    actions.push({
      action: `On ${service.host}: export, then disable and remove the service or task ${service.name}.`,
      why: 'It was made or changed through the channel, and would run again.',
      cost: 'Removing it deletes its registry key: export that first.',
      commands: [
        `reg export "HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service.name.replaceAll('"', '')}" ${quoted(`${service.name}.reg`)}`,
        `Stop-Service -Name ${quoted(service.name)}; Set-Service -Name ${quoted(service.name)} -StartupType Disabled`,
      ],
      evidence: service.evidence.slice(0, 6),
    })
  }
  return actions
}

const MACHINE_ACCOUNT = /^(nt authority|nt-autorit|window manager|font driver host)|\$$|^s-1-5-(18|19|20)$/i

function recover(input: ContainmentInput): Action[] {
  const people = [...new Set(input.accounts.filter((one) => !MACHINE_ACCOUNT.test(one.name)).map((one) => one.name))]
  const [first] = targets(input)
  const platform = first ? platformAt(input, first.name) : 'windows'
  return people.slice(0, 4).map((name) => ({
    action: `Reset the credentials of ${name} and end its sessions.`,
    why: 'The abuse ran under this account: whoever did it holds its password, hash or tickets.',
    cost: 'The person is locked out until they have a new password; services that run under the account stop.',
    commands: [
      platform === 'windows'
        ? `Disable-ADAccount -Identity ${quoted(name.split('\\').at(-1)!)}  # or Disable-LocalUser for an account of the machine`
        : locking(platform, name),
    ],
    evidence: [],
  }))
}
