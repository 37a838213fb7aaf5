// An attack: a program that runs as an administrator becomes SYSTEM by having a service write to its pipe.
import { createFile, setRegistry } from '../office/files.ts'
import { type Process, SERVICES } from '../office/machine.ts'
import { at } from '../office/office.ts'
import { connectPipe, createPipe } from '../office/pipes.ts'
import { end, start } from '../office/processes.ts'
import { installService, serviceState } from '../office/services.ts'
import { seatsOf } from './ordinary-day.ts'
import type { Scenario } from './scenario.ts'

const SYSTEM32 = 'C:\\Windows\\System32'
const NAME = 'vqmzkt'

export const pipeImpersonation: Scenario = {
  id: 'pipe-impersonation',
  story:
    't.brandt ran a viewer from a download. It serves the pipe vqmzkt, sets up a service of that name that echoes into it, takes the token of the SYSTEM process that connects, and starts a command with it.',
  truth: {
    host: 'ASH-WS02',
    from: '2026-03-04T11:36:02Z',
    to: '2026-03-04T11:36:30Z',
    account: 't.brandt',
    techniques: ['T1559'],
    also: ['T1134.001'],
    channelKinds: ['named-pipe'],
    mentions: ['vqmzkt', 'services\\.exe', 'plan-viewer\\.exe'],
  },
  play(office) {
    const { ws02 } = office
    const { explorer, session } = seatsOf(office).brandt
    const downloads = `C:\\Users\\${session.account.name}\\Downloads`
    createFile(at('11:33:48.120'), explorer, `${downloads}\\plan-viewer.exe`)
    const viewer = start(at('11:34:05.331'), {
      image: `${downloads}\\plan-viewer.exe`,
      commandLine: `"${downloads}\\plan-viewer.exe"`,
      parent: explorer,
      folder: `${downloads}\\`,
    })
    createPipe(at('11:36:02.114'), viewer, NAME)
    const command = `${SYSTEM32}\\cmd.exe /c echo ${NAME} > \\\\.\\pipe\\${NAME}`
    setUpService(ws02.services.services, command)
    const echo = start(at('11:36:02.790'), {
      image: `${SYSTEM32}\\cmd.exe`,
      commandLine: command,
      parent: ws02.services.services,
      session: SERVICES,
    })
    connectPipe(at('11:36:02.822'), echo, NAME)
    end(at('11:36:02.905'), echo)
    setRegistry(
      at('11:36:03.010'),
      ws02.services.services,
      `HKLM\\System\\CurrentControlSet\\Services\\${NAME}\\Start`,
      'DWORD (0x00000004)',
    )
    setRegistry(
      at('11:36:03.011'),
      ws02.services.services,
      `HKLM\\System\\CurrentControlSet\\Services\\${NAME}\\DeleteFlag`,
      'DWORD (0x00000001)',
    )
    asSystem(viewer)
  },
}

function setUpService(services: Process, command: string): void {
  const key = `HKLM\\System\\CurrentControlSet\\Services\\${NAME}`
  setRegistry(at('11:36:02.530'), services, `${key}\\ImagePath`, command)
  setRegistry(at('11:36:02.531'), services, `${key}\\Start`, 'DWORD (0x00000003)')
  installService(services.machine, at('11:36:02.540'), NAME, command, 'demand start')
  serviceState(services.machine, at('11:36:02.940'), NAME, 'stopped')
}

function asSystem(viewer: Process): void {
  const cmd = start(at('11:36:09.450'), {
    image: `${SYSTEM32}\\cmd.exe`,
    commandLine: `${SYSTEM32}\\cmd.exe`,
    parent: viewer,
    session: SERVICES,
  })
  const whoami = start(at('11:36:14.208'), { image: `${SYSTEM32}\\whoami.exe`, commandLine: 'whoami', parent: cmd })
  end(at('11:36:14.260'), whoami)
  end(at('11:36:30.000'), cmd)
}
