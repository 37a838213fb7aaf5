// What machines do by themselves: brokers, WMI for the management agent, updates, telemetry, scheduled tasks.
import { createFile, setRegistry } from '../../office/files.ts'
import { logon } from '../../office/logons.ts'
import { type Process, SERVICES } from '../../office/machine.ts'
import { connect, resolve } from '../../office/network.ts'
import { AGENT, at, type Host } from '../../office/office.ts'
import { NETWORK_SERVICE } from '../../office/people.ts'
import { connectPipe, createPipe } from '../../office/pipes.ts'
import { end, start } from '../../office/processes.ts'
import { hostPipe, runScript } from '../../office/scripts.ts'
import { installService, serviceState } from '../../office/services.ts'

const SYSTEM32 = 'C:\\Windows\\System32'
const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`
const EDGE_UPDATE = 'C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe'
const HOUR = 3_600_000

export function background(host: Host): void {
  const from = at('08:16:00') + host.machine.chance.below(600_000)
  for (let hour = 0; hour < 9; hour++) hourly(host, from + hour * HOUR + host.machine.chance.below(900_000))
  inventory(host, at('10:30:00') + host.machine.chance.below(240_000))
  updateBrowser(host, at('11:50:00') + host.machine.chance.below(600_000))
  updateWindows(host, at('12:34:00') + host.machine.chance.below(300_000))
}

/** Every hour: a task or two, COM servers for them, services that come and go, the agent's report. */
function hourly(host: Host, time: number): void {
  const { services, machine } = host
  const { chance } = machine
  const tasks = [
    [`${SYSTEM32}\\taskhostw.exe`, 'taskhostw.exe'],
    [
      `${SYSTEM32}\\backgroundTaskHost.exe`,
      `"${SYSTEM32}\\backgroundTaskHost.exe" -ServerName:BackgroundTaskHost.WebAccountProvider`,
    ],
    [
      `${SYSTEM32}\\rundll32.exe`,
      `${SYSTEM32}\\rundll32.exe ${SYSTEM32}\\Windows.Storage.ApplicationData.dll,CleanupTemporaryState`,
    ],
  ] as const
  const [image, commandLine] = tasks[chance.below(tasks.length)]
  const task = start(time, { image, commandLine, parent: services.schedule })
  end(time + 9_000, task)
  const dll = start(time + 4_000, {
    image: `${SYSTEM32}\\dllhost.exe`,
    commandLine: `${SYSTEM32}\\DllHost.exe /Processid:{${chance.hex(8).toUpperCase()}-0F1E-4A3B-9C2D-${chance.hex(12).toUpperCase()}}`,
    parent: services.dcomLaunch,
  })
  end(time + 9_400, dll)
  wmi(host, time + 31_000)
  serviceState(machine, time + 44_000, 'Background Intelligent Transfer Service', 'running')
  serviceState(machine, time + 344_000, 'Background Intelligent Transfer Service', 'stopped')
  serviceState(machine, time + 61_000, 'Client License Service (ClipSVC)', 'running')
  logon(machine, time + 60_900, { session: SERVICES, type: 5 })
  report(host, time + 75_000)
}

/** The agent asks WMI: WmiPrvSE -Embedding under DcomLaunch, on every machine, all day. */
function wmi({ services }: Host, time: number): void {
  const account = { account: NETWORK_SERVICE, logonId: 0x3e4, terminal: 0, elevated: true }
  const provider = start(time, {
    image: `${SYSTEM32}\\wbem\\WmiPrvSE.exe`,
    commandLine: `${SYSTEM32}\\wbem\\wmiprvse.exe -secured -Embedding`,
    parent: services.dcomLaunch,
    session: account,
  })
  end(time + 90_000, provider)
}

function report({ services, machine }: Host, time: number): void {
  const { agent } = services
  resolve(time, agent, 'eu.kestrel-rmm.example', '198.51.100.30')
  connect(time + 30, agent, { address: '198.51.100.30', port: 443 })
  createPipe(time + 200, agent, 'kestrel-agent')
  const helper = start(time + 260, {
    image: AGENT.replace('kestrel-agent', 'kestrel-probe'),
    commandLine: `"${AGENT.replace('kestrel-agent', 'kestrel-probe')}" --pipe kestrel-agent --host ${machine.name}`,
    parent: agent,
  })
  connectPipe(time + 310, helper, 'kestrel-agent')
  end(time + 2_600, helper)
}

/** Once a day the agent takes inventory with PowerShell, as SYSTEM, policy bypassed. It looks worse than it is. */
function inventory({ services }: Host, time: number): void {
  const script = 'C:\\ProgramData\\Kestrel RMM\\scripts\\inventory.ps1'
  const shell = start(time, {
    image: POWERSHELL,
    commandLine: `"${POWERSHELL}" -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "${script}"`,
    parent: services.agent,
  })
  hostPipe(time + 700, shell)
  runScript(
    time + 1_100,
    shell,
    "$os = Get-CimInstance -ClassName Win32_OperatingSystem\n$programs = Get-ItemProperty 'HKLM:\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*' | Select-Object DisplayName, DisplayVersion\n[pscustomobject]@{ System = $os.Caption; Boot = $os.LastBootUpTime; Programs = $programs } | ConvertTo-Json -Depth 3",
    script,
  )
  createFile(time + 5_200, shell, 'C:\\ProgramData\\Kestrel RMM\\inventory.json')
  end(time + 5_900, shell)
}

/** The browser updates itself: a scheduled updater, its COM server, a service that is installed for good. */
function updateBrowser(host: Host, time: number): void {
  const { services, machine } = host
  const updater = start(time, {
    image: EDGE_UPDATE,
    commandLine: `"${EDGE_UPDATE}" /ua /installsource scheduler`,
    parent: services.schedule,
  })
  const server = start(time + 1_400, {
    image: EDGE_UPDATE,
    commandLine: `"${EDGE_UPDATE}" -Embedding`,
    parent: services.dcomLaunch,
    session: SERVICES,
  })
  connect(time + 2_000, updater, { address: '198.51.100.55', port: 443, name: 'edge-updates.example' })
  createFile(
    time + 9_000,
    updater,
    'C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\Install\\MicrosoftEdge_X64_122.0.2365.80.exe',
  )
  installService(
    machine,
    time + 14_000,
    'Microsoft Edge Elevation Service (MicrosoftEdgeElevationService)',
    '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\122.0.2365.80\\elevation_service.exe"',
    'demand start',
  )
  setRegistry(
    time + 14_010,
    services.services,
    'HKLM\\System\\CurrentControlSet\\Services\\MicrosoftEdgeElevationService\\ImagePath',
    '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\122.0.2365.80\\elevation_service.exe"',
  )
  end(time + 30_000, server)
  end(time + 31_000, updater)
}

function updateWindows({ services, machine }: Host, time: number): void {
  serviceState(machine, time, 'Windows Modules Installer', 'running')
  const installer = start(time + 300, {
    image: 'C:\\Windows\\servicing\\TrustedInstaller.exe',
    commandLine: 'C:\\Windows\\servicing\\TrustedInstaller.exe',
    parent: services.services,
  })
  const worker = start(time + 900, {
    image:
      'C:\\Windows\\WinSxS\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.19041.3745_none_7dd80d767cb5c7b0\\TiWorker.exe',
    commandLine:
      'C:\\Windows\\winsxs\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_10.0.19041.3745_none_7dd80d767cb5c7b0\\TiWorker.exe -Embedding',
    parent: services.dcomLaunch,
  })
  resolve(time + 2_000, services.update, 'windows-updates.example', '198.51.100.56')
  connect(time + 2_020, services.update, { address: '198.51.100.56', port: 443 })
  installMsi(services.services, time + 60_000)
  for (const process of [worker, installer]) end(time + 240_000, process)
  serviceState(machine, time + 241_000, 'Windows Modules Installer', 'stopped')
}

/** msiexec as a service, with a child -Embedding: an installer's custom action. */
function installMsi(services: Process, time: number): void {
  const server = start(time, {
    image: `${SYSTEM32}\\msiexec.exe`,
    commandLine: `${SYSTEM32}\\msiexec.exe /V`,
    parent: services,
  })
  const action = start(time + 2_200, {
    image: 'C:\\Windows\\SysWOW64\\msiexec.exe',
    commandLine: `C:\\Windows\\syswow64\\MsiExec.exe -Embedding ${services.machine.chance.hex(32).toUpperCase()} E Global\\MSI0000`,
    parent: server,
  })
  end(time + 8_000, action)
  end(time + 40_000, server)
}
