// The office: three workstations and a server, with what always runs on them.
import { type Machine, machine, type Process, SERVICES, session } from './machine.ts'
import { type Account, LOCAL_SERVICE, NETWORK_SERVICE } from './people.ts'
import { earlier, start } from './processes.ts'

/** Programs that run on every Windows before anybody logs on. */
export interface Services {
  /** the kernel's own process, 4 */
  system: Process
  services: Process
  lsass: Process
  dcomLaunch: Process
  rpcss: Process
  schedule: Process
  winmgmt: Process
  update: Process
  spooler: Process
  agent: Process
}

export interface Host {
  machine: Machine
  services: Services
}

export interface Office {
  /** accounting, p.lindqvist */
  ws01: Host
  /** drawings, t.brandt */
  ws02: Host
  /** projects, m.okafor */
  ws03: Host
  /** domain controller, files, print queue */
  dc01: Host
}

const DAY = Date.UTC(2026, 2, 4)

/** A moment of the day of the samples, 4 March 2026, in UTC: `at('08:02:11.304')`. */
export function at(clock: string): number {
  const parts = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?$/.exec(clock)
  if (!parts) throw new TypeError(`not a time of day: ${clock}`)
  const [, hours, minutes, seconds, fraction = '0'] = parts
  return DAY + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'))
}

export function office(): Office {
  return {
    ws01: workstation('ASH-WS01', '10.20.0.21', 1131, '07:48:02'),
    ws02: workstation('ASH-WS02', '10.20.0.22', 1132, '08:04:40'),
    ws03: workstation('ASH-WS03', '10.20.0.23', 1133, '07:55:31'),
    dc01: server('ASH-DC01', '10.20.0.10', 1001),
  }
}

const SVCHOST = 'C:\\Windows\\System32\\svchost.exe'
const SYSTEM32 = 'C:\\Windows\\System32'
export const AGENT = 'C:\\Program Files\\Kestrel RMM\\kestrel-agent.exe'

/** Switched on in the morning: the logs hold the start of everything. */
function workstation(name: string, address: string, rid: number, clock: string): Host {
  const where = machine(name, address, rid)
  const system = kernel(where)
  let time = at(clock)
  const run = (image: string, commandLine: string, parent: Process, account?: Account) => {
    time += where.chance.between(90, 900)
    const own =
      account && session(account, account === NETWORK_SERVICE ? 0x3e4 : 0x3e5, { terminal: 0, elevated: true })
    return start(time, { image, commandLine, parent, session: own })
  }
  const wininit = run(`${SYSTEM32}\\wininit.exe`, 'wininit.exe', system)
  const services = run(`${SYSTEM32}\\services.exe`, `${SYSTEM32}\\services.exe`, wininit)
  const lsass = run(`${SYSTEM32}\\lsass.exe`, `${SYSTEM32}\\lsass.exe`, wininit)
  const svchost = (group: string, account?: Account) => run(SVCHOST, `${SVCHOST} -k ${group}`, services, account)
  const dcomLaunch = svchost('DcomLaunch -p')
  const rpcss = svchost('RPCSS -p', NETWORK_SERVICE)
  const schedule = svchost('netsvcs -p -s Schedule')
  const winmgmt = svchost('netsvcs -p -s Winmgmt')
  svchost('LocalServiceNetworkRestricted -p -s Dhcp', LOCAL_SERVICE)
  svchost('NetworkService -p -s Dnscache', NETWORK_SERVICE)
  svchost('LocalService -p -s EventSystem', LOCAL_SERVICE)
  const update = svchost('netsvcs -p -s wuauserv')
  const spooler = run(`${SYSTEM32}\\spoolsv.exe`, `${SYSTEM32}\\spoolsv.exe`, services)
  const agent = run(AGENT, `"${AGENT}" --service`, services)
  return {
    machine: where,
    services: { system, services, lsass, dcomLaunch, rpcss, schedule, winmgmt, update, spooler, agent },
  }
}

/** Runs for weeks: of what runs on it, the logs hold no start. */
function server(name: string, address: string, rid: number): Host {
  const where = machine(name, address, rid)
  const system = kernel(where)
  const svchost = (group: string) => earlier(where, SVCHOST, `${SVCHOST} -k ${group}`)
  return {
    machine: where,
    services: {
      system,
      services: earlier(where, `${SYSTEM32}\\services.exe`),
      lsass: earlier(where, `${SYSTEM32}\\lsass.exe`),
      dcomLaunch: svchost('DcomLaunch -p'),
      rpcss: svchost('RPCSS -p'),
      schedule: svchost('netsvcs -p -s Schedule'),
      winmgmt: svchost('netsvcs -p -s Winmgmt'),
      update: svchost('netsvcs -p -s wuauserv'),
      spooler: earlier(where, `${SYSTEM32}\\spoolsv.exe`),
      agent: earlier(where, AGENT, `"${AGENT}" --service`),
    },
  }
}

function kernel(where: Machine): Process {
  return { ...earlier(where, 'System', '', SERVICES), pid: 4 }
}
