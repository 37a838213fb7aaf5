// What everybody's desktop does: logging on, Teams, a browser, documents, printing.
import { createFile } from '../../office/files.ts'
import { logon } from '../../office/logons.ts'
import type { Process, Session } from '../../office/machine.ts'
import { accept, connect, resolve } from '../../office/network.ts'
import type { Host } from '../../office/office.ts'
import { connectPipe, createPipe } from '../../office/pipes.ts'
import { end, start } from '../../office/processes.ts'
import { activationRefused } from '../../office/services.ts'

export interface Desktop {
  host: Host
  session: Session
  explorer: Process
}

const SYSTEM32 = 'C:\\Windows\\System32'
const TEAMS = 'C:\\Program Files\\WindowsApps\\MSTeams_24033.811.2738.2546_x64__8wekyb3d8bbwe\\ms-teams.exe'
const WEBVIEW = 'C:\\Program Files (x86)\\Microsoft\\EdgeWebView\\Application\\122.0.2365.66\\msedgewebview2.exe'
const EDGE = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
const OFFICE = 'C:\\Program Files\\Microsoft Office\\root\\Office16'

/** A user logs on at the console: shell, brokers, Teams. */
export function logOn(host: Host, time: number, own: Session): Desktop {
  const { machine, services } = host
  logon(machine, time, { session: own, type: 2 })
  const winlogon = start(time - 900, {
    image: `${SYSTEM32}\\winlogon.exe`,
    commandLine: 'winlogon.exe',
    parent: services.system,
  })
  const userinit = start(time + 420, {
    image: `${SYSTEM32}\\userinit.exe`,
    commandLine: `${SYSTEM32}\\userinit.exe`,
    parent: winlogon,
    session: own,
  })
  const explorer = start(time + 900, {
    image: 'C:\\Windows\\explorer.exe',
    commandLine: 'C:\\Windows\\Explorer.EXE',
    parent: userinit,
    session: own,
  })
  end(time + 25_000, userinit)
  const desktop = { host, session: own, explorer }
  const served = [
    [`${SYSTEM32}\\RuntimeBroker.exe`, `${SYSTEM32}\\RuntimeBroker.exe -Embedding`],
    [`${SYSTEM32}\\sihost.exe`, 'sihost.exe'],
    [
      'C:\\Windows\\SystemApps\\Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy\\StartMenuExperienceHost.exe',
      '"C:\\Windows\\SystemApps\\Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy\\StartMenuExperienceHost.exe" -ServerName:App.AppXywbrabmsek0gm3tkwpr5kwzbs55tkqay.mca',
    ],
    [`${SYSTEM32}\\RuntimeBroker.exe`, `${SYSTEM32}\\RuntimeBroker.exe -Embedding`],
    [`${SYSTEM32}\\dllhost.exe`, `${SYSTEM32}\\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`],
    [`${SYSTEM32}\\smartscreen.exe`, `${SYSTEM32}\\smartscreen.exe -Embedding`],
  ] as const
  served.forEach(([image, commandLine], at) => {
    start(time + 2_000 + at * 740, { image, commandLine, parent: services.dcomLaunch, session: own })
  })
  activationRefused(machine, time + 6_000, own)
  teams(desktop, time + 15_000)
  return desktop
}

/** Teams and its WebView: a handful of processes that talk over pipes with random names. */
export function teams({ explorer, session: own, host }: Desktop, time: number): void {
  const { chance } = host.machine
  const main = start(time, { image: TEAMS, commandLine: `"${TEAMS}" msteams:system-initiated`, parent: explorer })
  const view = start(time + 1_300, {
    image: WEBVIEW,
    commandLine: `"${WEBVIEW}" --embedded-browser-webview=1 --webview-exe-name=ms-teams.exe --user-data-dir="C:\\Users\\${own.account.name}\\AppData\\Local\\Packages\\MSTeams_8wekyb3d8bbwe\\LocalCache\\Microsoft\\MSTeams\\EBWebView" --noerrdialogs --mojo-named-platform-channel-pipe=${main.pid}.${main.pid + 1204}.${chance.below(2 ** 31)}`,
    parent: main,
  })
  createPipe(time + 1_280, main, `mojo.${main.pid}.${main.pid + 1204}.${chance.below(2 ** 31)}${chance.below(2 ** 31)}`)
  createPipe(time + 1_500, view, `crashpad_${view.pid}_${chance.hex(16).toUpperCase()}`)
  for (const [at, kind] of [
    'gpu-process',
    'utility --utility-sub-type=network.mojom.NetworkService',
    'renderer',
    'utility --utility-sub-type=storage.mojom.StorageService',
  ].entries()) {
    const child = start(time + 1_900 + at * 330, {
      image: WEBVIEW,
      commandLine: `"${WEBVIEW}" --type=${kind} --noerrdialogs --field-trial-handle=${1700 + at},i,${chance.below(2 ** 31)} --mojo-platform-channel-handle=${1700 + at * 12} /prefetch:${at + 1}`,
      parent: view,
    })
    const name = `mojo.${view.pid}.${view.pid + 88}.${chance.below(2 ** 31)}${chance.below(2 ** 31)}`
    createPipe(time + 1_880 + at * 330, view, name)
    connectPipe(time + 2_020 + at * 330, child, name)
  }
  resolve(time + 3_000, view, 'teams.collab.example', '198.51.100.20')
  connect(time + 3_040, view, { address: '198.51.100.20', port: 443 })
}

/** A site is looked at. */
export function browse({ explorer, host }: Desktop, time: number, site: string, address: string): Process {
  const { chance } = host.machine
  const browser = start(time, { image: EDGE, commandLine: `"${EDGE}" --profile-directory=Default`, parent: explorer })
  createPipe(time + 120, browser, `LOCAL\\crashpad_${browser.pid}_${chance.hex(16).toUpperCase()}`)
  for (let at = 0; at < 3; at++) {
    const name = `LOCAL\\mojo.${browser.pid}.${browser.pid + 940}.${chance.below(2 ** 31)}${chance.below(2 ** 31)}`
    createPipe(time + 300 + at * 210, browser, name)
    const child = start(time + 360 + at * 210, {
      image: EDGE,
      commandLine: `"${EDGE}" --type=${['gpu-process', 'utility', 'renderer'][at]} --field-trial-handle=${2040 + at},i,${chance.below(2 ** 31)} /prefetch:${at}`,
      parent: browser,
    })
    connectPipe(time + 390 + at * 210, child, name)
  }
  resolve(time + 1_400, browser, site, address)
  connect(time + 1_440, browser, { address, port: 443 })
  return browser
}

/** Outlook is opened, in the morning and after lunch. */
export function openMail({ explorer, session: own }: Desktop, time: number): Process {
  const outlook = start(time, {
    image: `${OFFICE}\\OUTLOOK.EXE`,
    commandLine: `"${OFFICE}\\OUTLOOK.EXE"`,
    parent: explorer,
  })
  resolve(time + 2_100, outlook, 'mail.ashdown.example', '198.51.100.12')
  connect(time + 2_160, outlook, { address: '198.51.100.12', port: 443 })
  createFile(
    time + 4_000,
    outlook,
    `C:\\Users\\${own.account.name}\\AppData\\Local\\Microsoft\\Outlook\\~${own.account.name}@ashdown.example.ost.tmp`,
  )
  return outlook
}

/** A document is opened, worked on and closed; `parent` is the shell or the program that it came with. */
export function editDocument(parent: Process, time: number, file: string, minutes: number): Process {
  const program = /\.xlsx?$/i.test(file) ? 'EXCEL.EXE' : 'WINWORD.EXE'
  const commandLine =
    program === 'EXCEL.EXE' ? `"${OFFICE}\\EXCEL.EXE" "${file}"` : `"${OFFICE}\\WINWORD.EXE" /n "${file}" /o ""`
  const word = start(time, { image: `${OFFICE}\\${program}`, commandLine, parent })
  createFile(
    time + 1_800,
    word,
    file.replace(/[^\\]*$/, (name) => `~$${name.slice(2)}`),
  )
  start(time + 2_400, {
    image: `${OFFICE.replace('Office16', 'VFS\\ProgramFilesCommonX64\\Microsoft Shared\\Office16')}\\ai.exe`,
    commandLine: `"C:\\Program Files\\Microsoft Office\\root\\vfs\\ProgramFilesCommonX64\\Microsoft Shared\\Office16\\ai.exe" "${parent.machine.chance.hex(8).toUpperCase()}" "${word.pid}" "${program}" "WordCombinedFloatieLreOnline.onnx"`,
    parent: word,
  })
  end(time + minutes * 60_000, word)
  return word
}

/** A 64-bit print driver host, and the spooler of the print server. */
export function print(desktop: Desktop, time: number, from: Process, to: Host): void {
  const { host } = desktop
  const splwow = start(time, {
    image: 'C:\\Windows\\splwow64.exe',
    commandLine: 'C:\\Windows\\splwow64.exe 8192',
    parent: from,
  })
  connectPipe(time + 90, splwow, 'spoolss')
  start(time + 700, {
    image: `${SYSTEM32}\\PrintIsolationHost.exe`,
    commandLine: `${SYSTEM32}\\PrintIsolationHost.exe -Embedding`,
    parent: host.services.dcomLaunch,
    session: host.services.spooler.session,
  })
  const port = connect(time + 900, host.services.spooler, {
    address: to.machine.address,
    port: 135,
    name: to.machine.fqdn,
  })
  accept(time + 902, to.services.rpcss, { address: host.machine.address, port, name: host.machine.fqdn }, 135)
  const data = connect(time + 930, host.services.spooler, {
    address: to.machine.address,
    port: 49702,
    name: to.machine.fqdn,
  })
  accept(time + 931, to.services.spooler, { address: host.machine.address, port: data, name: host.machine.fqdn }, 49702)
  end(time + 120_000, splwow)
}
