// The domain controller at work: workstations ask lsarpc, samr and netlogon over IPC$, read policies, log on; its clients save files.
import { logoff, logon } from '../../office/logons.ts'
import { session } from '../../office/machine.ts'
import { accept } from '../../office/network.ts'
import { at, type Host } from '../../office/office.ts'
import { BRANDT, LINDQVIST, OKAFOR } from '../../office/people.ts'
import { connectPipe } from '../../office/pipes.ts'
import { openShare } from '../../office/shares.ts'

const PIPES = ['lsarpc', 'netlogon', 'samr', 'lsarpc', 'srvsvc'] as const
const PEOPLE = [LINDQVIST, BRANDT, OKAFOR] as const
const HALF_HOUR = 1_800_000

export function directory(dc: Host, workstations: readonly Host[]): void {
  workstations.forEach((client, index) => {
    for (let round = 0; round < 17; round++) {
      const time = at('08:02:30') + round * HALF_HOUR + index * 411_000 + dc.machine.chance.below(120_000)
      refreshPolicy(dc, client, time, round)
      if (round % 3 === index) saveFile(dc, client, PEOPLE[index], time + 700_000)
    }
  })
}

/** Group policy and the directory: a network logon of the computer's account, pipes over SMB, RPC to the directory. */
function refreshPolicy(dc: Host, client: Host, time: number, round: number): void {
  const { machine, services } = dc
  const from = {
    address: client.machine.address,
    port: 50_000 + machine.chance.below(9_000),
    name: client.machine.fqdn,
  }
  const own = session(client.machine.account, 0x900000 + machine.chance.below(0xfffff), { terminal: 0 })
  logon(machine, time, { session: own, type: 3, from })
  accept(time + 4, services.system, from, 445)
  for (const pipe of PIPES.slice(0, 2 + (round % 4))) {
    openShare(machine, time + 40 + pipe.length * 7, { session: own, from, share: 'IPC$', name: pipe })
    connectPipe(time + 41 + pipe.length * 7, services.system, pipe === 'srvsvc' ? 'srvsvc' : 'lsass')
  }
  openShare(machine, time + 300, {
    session: own,
    from,
    share: 'SYSVOL',
    name: 'ashdown.example\\Policies\\{31B2F340-016D-11D2-945F-00C04FB984F9}\\gpt.ini',
    write: false,
  })
  accept(time + 420, services.rpcss, { ...from, port: from.port + 1 }, 135)
  accept(time + 440, services.lsass, { ...from, port: from.port + 2 }, 49668)
  logoff(machine, time + 12_000, own, 3)
}

function saveFile(dc: Host, client: Host, person: (typeof PEOPLE)[number], time: number): void {
  const { machine } = dc
  const from = { address: client.machine.address, port: 59_200 + machine.chance.below(700), name: client.machine.fqdn }
  const own = session(person, 0xa00000 + machine.chance.below(0xfffff), { terminal: 0 })
  logon(machine, time, { session: own, type: 3, from })
  openShare(machine, time + 60, { session: own, from, share: 'Projects', name: 'Mill Lane\\elevations.dwx' })
  logoff(machine, time + 60_000, own, 3)
}
