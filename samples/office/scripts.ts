// What PowerShell runs.
import { scriptBlock } from '../windows/powershell.ts'
import type { Process } from './machine.ts'
import { createPipe } from './pipes.ts'
import { loadImage } from './processes.ts'

/** PowerShell 4104. */
export function runScript(time: number, process: Process, text: string, path = ''): void {
  const where = process.machine
  const id = `${where.chance.hex(8)}-${where.chance.hex(4)}-4${where.chance.hex(3)}-9${where.chance.hex(3)}-${where.chance.hex(12)}`
  const start = { time, computer: where.fqdn, processId: process.pid, threadId: process.pid + 1512 }
  where.records.push(scriptBlock(start, process.session.account.sid, { text, id, path }))
}

/** Every PowerShell serves a pipe of its own and loads its engine. */
export function hostPipe(time: number, process: Process): void {
  const application = process.image.endsWith('wsmprovhost.exe') ? 'wsmprovhost' : 'powershell'
  // 100 ns since 1601, as PowerShell names it.
  const since1601 = (BigInt(Math.floor(time)) + 11_644_473_600_000n) * 10_000n + BigInt(process.pid)
  loadImage(
    time - 120,
    process,
    'C:\\Windows\\assembly\\NativeImages_v4.0.30319_64\\System.Manaa57fc8cc#\\8b2c1203f20aea8260bfbc518004cf1b\\System.Management.Automation.ni.dll',
  )
  createPipe(time, process, `PSHost.${since1601}.${process.pid}.DefaultAppDomain.${application}`)
}
