// t.brandt draws, with a plug-in that talks over a pipe of its own; m.okafor runs the projects.
import { createFile } from '../../office/files.ts'
import { connect } from '../../office/network.ts'
import { at } from '../../office/office.ts'
import { connectPipe, createPipe } from '../../office/pipes.ts'
import { start } from '../../office/processes.ts'
import { hostPipe, runScript } from '../../office/scripts.ts'
import { browse, type Desktop, editDocument, openMail } from './desktop.ts'

const DRAFTWORKS = 'C:\\Program Files\\Draftworks\\draftworks.exe'
const PREVIEW = 'C:\\Program Files\\Draftworks\\preview-host.exe'

export function draw(desktop: Desktop): void {
  const { explorer, host } = desktop
  openMail(desktop, at('08:14:20'))
  const drawing = start(at('08:22:02'), {
    image: DRAFTWORKS,
    commandLine: `"${DRAFTWORKS}" "P:\\Projects\\Mill Lane\\elevations.dwx"`,
    parent: explorer,
  })
  const pipe = `draftworks-preview-${drawing.pid}`
  createPipe(at('08:22:05.440'), drawing, pipe)
  for (const clock of ['08:22:06.010', '10:40:17.310', '14:55:43.020']) {
    const preview = start(at(clock), { image: PREVIEW, commandLine: `"${PREVIEW}" --pipe ${pipe}`, parent: drawing })
    connectPipe(at(clock) + 240, preview, pipe)
  }
  connect(at('08:22:11'), drawing, { address: '198.51.100.41', port: 443, name: 'license.draftworks.example' })
  browse(desktop, at('10:12:24'), 'building-code.example', '198.51.100.63')
  createFile(at('12:20:10'), drawing, 'P:\\Projects\\Mill Lane\\elevations.bak')
  openMail(desktop, at('13:05:00'))
  browse(desktop, at('15:31:09'), 'timber-supplier.example', '198.51.100.71')
  renameDrawings(desktop, host.machine.name)
}

/** A user who likes PowerShell: a harmless one-liner, with the host pipe that every PowerShell has. */
function renameDrawings({ explorer }: Desktop, name: string): void {
  const shell = start(at('16:02:00'), {
    image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    commandLine: '"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"',
    parent: explorer,
  })
  hostPipe(at('16:02:01.100'), shell)
  runScript(
    at('16:02:40.512'),
    shell,
    `# on ${name}\nGet-ChildItem 'P:\\Projects\\Mill Lane\\*.dwx' | Rename-Item -NewName { $_.Name -replace '^draft-', '' }`,
  )
}

export function manageProjects(desktop: Desktop): void {
  openMail(desktop, at('08:05:30'))
  editDocument(desktop.explorer, at('08:31:00'), 'P:\\Projects\\Mill Lane\\minutes-0303.docx', 30)
  browse(desktop, at('09:40:02'), 'planning-portal.example', '198.51.100.82')
  editDocument(desktop.explorer, at('11:12:45'), 'P:\\Projects\\Quayside\\schedule.xlsx', 80)
  editDocument(desktop.explorer, at('15:20:19'), 'P:\\Projects\\Quayside\\tender.docx', 55)
  browse(desktop, at('16:21:37'), 'trains.example', '198.51.100.95')
}
