// adm.reyes looks after the machines from the server: a remote desktop there, PowerShell remoting, a look at services of a workstation.
import { logoff, logon } from '../../office/logons.ts'
import { type Session, session } from '../../office/machine.ts'
import { accept, connect } from '../../office/network.ts'
import { at, type Host, type Office } from '../../office/office.ts'
import { connectPipe } from '../../office/pipes.ts'
import { end, start } from '../../office/processes.ts'
import { hostPipe, runScript } from '../../office/scripts.ts'
import { openShare } from '../../office/shares.ts'

const SYSTEM32 = 'C:\\Windows\\System32'
const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`

export function administer({ dc01, ws01, ws03 }: Office, own: Session): void {
  logon(dc01.machine, at('09:14:55'), {
    session: own,
    type: 10,
    from: { address: '10.20.0.40', port: 51_822 },
    workstation: 'ASH-DC01',
  })
  const explorer = start(at('09:14:58'), {
    image: 'C:\\Windows\\explorer.exe',
    commandLine: 'C:\\Windows\\Explorer.EXE',
    parent: dc01.services.services,
    session: own,
  })
  const shell = start(at('09:16:20'), { image: POWERSHELL, commandLine: `"${POWERSHELL}"`, parent: explorer })
  hostPipe(at('09:16:21.300'), shell)
  runScript(
    at('09:17:02.100'),
    shell,
    'Get-ADComputer -Filter * -Properties LastLogonDate | Sort-Object LastLogonDate | Format-Table Name, LastLogonDate',
  )
  remoting(dc01, ws03, own, at('09:20:11.400'))
  lookAtServices(dc01, ws01, own, at('09:41:37.020'))
  manageComputer(dc01, own, at('09:55:12'))
  backup(dc01)
  end(at('10:02:00'), shell)
  logoff(dc01.machine, at('10:02:40'), own, 10)
}

/** Enter-PSSession: wsmprovhost -Embedding under DcomLaunch, WinRM's port, a harmless command. */
function remoting(from: Host, to: Host, own: Session, time: number): void {
  const there = session(own.account, 0x6d20e1, { terminal: 0, elevated: true })
  const port = from.machine.chance.between(51_000, 52_000)
  accept(time, to.services.system, { address: from.machine.address, port, name: from.machine.fqdn }, 5985)
  logon(to.machine, time + 40, {
    session: there,
    type: 3,
    from: { address: from.machine.address, port, name: from.machine.fqdn },
  })
  const host = start(time + 160, {
    image: `${SYSTEM32}\\wsmprovhost.exe`,
    commandLine: `${SYSTEM32}\\wsmprovhost.exe -Embedding`,
    parent: to.services.dcomLaunch,
    session: there,
  })
  hostPipe(time + 400, host)
  runScript(
    time + 2_300,
    host,
    "Get-Service | Where-Object { $_.StartType -eq 'Automatic' -and $_.Status -ne 'Running' }",
  )
  runScript(time + 41_000, host, 'Get-HotFix | Sort-Object InstalledOn -Descending | Select-Object -First 5')
  end(time + 92_000, host)
  logoff(to.machine, time + 92_400, there, 3)
}

/** services.msc on another computer: svcctl is opened and read, nothing is created. */
function lookAtServices(from: Host, to: Host, own: Session, time: number): void {
  const there = session(own.account, 0x6f11b3, { terminal: 0, elevated: true })
  const peer = {
    address: from.machine.address,
    port: from.machine.chance.between(51_000, 52_000),
    name: from.machine.fqdn,
  }
  const mmc = start(time - 2_000, {
    image: `${SYSTEM32}\\mmc.exe`,
    commandLine: `"${SYSTEM32}\\mmc.exe" "${SYSTEM32}\\services.msc"`,
    parent: from.services.services,
    session: own,
  })
  connect(time, mmc, { address: to.machine.address, port: 135, name: to.machine.fqdn }, peer.port)
  accept(time + 2, to.services.rpcss, peer, 135)
  logon(to.machine, time + 30, { session: there, type: 3, from: peer })
  openShare(to.machine, time + 80, { session: there, from: peer, share: 'IPC$', name: 'svcctl' })
  connectPipe(time + 82, to.services.system, 'svcctl')
  end(time + 300_000, mmc)
  logoff(to.machine, time + 300_100, there, 3)
}

/** Explorer's and the management console's own COM servers, started by the shell. */
function manageComputer({ services }: Host, own: Session, time: number): void {
  const folder = start(time, {
    image: 'C:\\Windows\\explorer.exe',
    commandLine: 'C:\\Windows\\explorer.exe /factory,{75dff2b7-6936-4c06-a8bb-676a7b00b24b} -Embedding',
    parent: services.dcomLaunch,
    session: own,
  })
  end(time + 120_000, folder)
}

/** At noon the backup runs from the task scheduler. */
function backup({ services }: Host): void {
  const script = 'C:\\Scripts\\backup-projects.ps1'
  const shell = start(at('12:00:00.210'), {
    image: POWERSHELL,
    commandLine: `"${POWERSHELL}" -NoProfile -ExecutionPolicy RemoteSigned -File ${script}`,
    parent: services.schedule,
  })
  hostPipe(at('12:00:01.010'), shell)
  runScript(
    at('12:00:01.600'),
    shell,
    '$target = "B:\\Backup\\{0:yyyy-MM-dd}" -f (Get-Date)\nrobocopy C:\\Shares\\Projects $target /MIR /R:2 /W:5 /NP /LOG:C:\\Scripts\\backup.log\nif ($LASTEXITCODE -ge 8) { Write-Error "backup failed: $LASTEXITCODE" }',
    script,
  )
  const copy = start(at('12:00:02.100'), {
    image: `${SYSTEM32}\\robocopy.exe`,
    commandLine: `"${SYSTEM32}\\robocopy.exe" C:\\Shares\\Projects B:\\Backup\\2026-03-04 /MIR /R:2 /W:5 /NP /LOG:C:\\Scripts\\backup.log`,
    parent: shell,
  })
  end(at('12:14:40'), copy)
  end(at('12:14:41'), shell)
}
