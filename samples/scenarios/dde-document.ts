// An attack: a document from a mail holds a DDE field that has Word start a command.
import { createFile } from '../office/files.ts'
import { connect, resolve } from '../office/network.ts'
import { at } from '../office/office.ts'
import { end, start } from '../office/processes.ts'
import { hostPipe, runScript } from '../office/scripts.ts'
import { editDocument } from './ordinary/desktop.ts'
import { seatsOf } from './ordinary-day.ts'
import { encoded, HARMLESS } from './payload.ts'
import type { Scenario } from './scenario.ts'

const OUTLOOK = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE'
const SYSTEM32 = 'C:\\Windows\\System32'

export const ddeDocument: Scenario = {
  id: 'dde-document',
  story:
    'p.lindqvist opens an attached invoice and answers yes to "update links": its DDE field has Word start cmd.exe and an encoded PowerShell, which calls 203.0.113.45.',
  truth: {
    host: 'ASH-WS01',
    from: '2026-03-04T10:42:13Z',
    to: '2026-03-04T10:42:50Z',
    account: 'p.lindqvist',
    techniques: ['T1559.002'],
    also: ['T1059.001'],
    channelKinds: ['dde'],
    mentions: ['winword\\.exe', 'powershell', '203\\.0\\.113\\.45'],
  },
  play(office) {
    const { explorer, session } = seatsOf(office).lindqvist
    const outlook = start(at('10:38:02'), { image: OUTLOOK, commandLine: `"${OUTLOOK}"`, parent: explorer })
    const file = `C:\\Users\\${session.account.name}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\8KQ2R1VD\\Invoice_0347.docx`
    createFile(at('10:42:12.881'), outlook, file)
    const word = editDocument(outlook, at('10:42:13.204'), file, 9)
    const script = `Write-Output "synthetic sample: DDE document"; ${HARMLESS}`
    const cmd = start(at('10:42:31.507'), {
      image: `${SYSTEM32}\\cmd.exe`,
      commandLine: `${SYSTEM32}\\cmd.exe /k powershell.exe -NoP -W Hidden -enc ${encoded(script)}`,
      parent: word,
    })
    const shell = start(at('10:42:31.844'), {
      image: `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`,
      commandLine: `powershell.exe -NoP -W Hidden -enc ${encoded(script)}`,
      parent: cmd,
    })
    hostPipe(at('10:42:32.610'), shell)
    runScript(at('10:42:33.020'), shell, script)
    resolve(at('10:42:33.412'), shell, 'invoices.quick-mail.example', '203.0.113.45')
    connect(at('10:42:33.455'), shell, { address: '203.0.113.45', port: 443 })
    createFile(at('10:42:35.002'), shell, `C:\\Users\\${session.account.name}\\AppData\\Local\\Temp\\inv0347.tmp`)
    end(at('10:42:49.300'), shell)
    end(at('10:42:49.410'), cmd)
  },
}
