// What happens on the Mac every day: programs of macOS and of the office, their XPC services, an updater that speaks to its own helper, a debugger.
import type { Mac, MacProcess, Program } from './mac.ts'

const OKAFOR = 501
const TEAM = 'ASHD0WN042'

const apple = (image: string, signingId: string): Program => ({ image, signingId, platform: true })
const ours = (image: string, signingId: string): Program => ({ image, signingId, team: TEAM })

export const ZSH = apple('/bin/zsh', 'com.apple.zsh')
export const TERMINAL = apple(
  '/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal',
  'com.apple.Terminal',
)
export const LEDGER = ours('/Applications/Ledger.app/Contents/MacOS/Ledger', 'example.ashdown.ledger')
const UPDATER = ours('/Applications/Ledger.app/Contents/MacOS/LedgerUpdater', 'example.ashdown.ledger.updater')
const HELPER = ours('/Library/PrivilegedHelperTools/example.ashdown.ledger.helper', 'example.ashdown.ledger.helper')

/** Who is there for what comes later in the day. */
export interface Desktop {
  terminal: MacProcess
  ledger: MacProcess
  helper: MacProcess
}

export function ordinaryDay(mac: Mac): Desktop {
  const { launchd } = mac
  const run = (at: string, program: Program, uid = OKAFOR, args = [program.image]) =>
    mac.run(at, program, args, launchd, uid)
  const services = [
    'com.apple.cfprefsd.agent',
    'com.apple.windowserver.active',
    'com.apple.coreservices.launchservicesd',
    'com.apple.tccd.system',
  ]
  const finder = run(
    '08:02:11.120',
    apple('/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder', 'com.apple.finder'),
  )
  const mail = run('08:03:40.310', apple('/System/Applications/Mail.app/Contents/MacOS/Mail', 'com.apple.mail'))
  const safari = run('08:05:02.440', apple('/Applications/Safari.app/Contents/MacOS/Safari', 'com.apple.Safari'))
  const terminal = run('08:20:15.870', TERMINAL)
  const ledger = run('08:31:09.050', LEDGER)
  for (const [at, process] of [
    ['08:02:12', finder],
    ['08:03:41', mail],
    ['08:05:03', safari],
    ['08:20:16', terminal],
    ['08:31:10', ledger],
  ] as const)
    for (const [i, service] of services.entries())
      mac.connectXpc(`${at}.${100 + i * 40}`, process, service, i === 0 ? 'user' : 'system')
  for (let hour = 9; hour < 17; hour++) {
    const two = String(hour).padStart(2, '0')
    mac.connectXpc(`${two}:12:30.500`, mail, 'com.apple.accountsd.accountmanager', 'gui')
    mac.connectXpc(`${two}:14:00.250`, safari, 'com.apple.nsurlsessiond')
    mac.createFile(`${two}:15:10.900`, ledger, '/Users/okafor/Documents/Ledger', `${two}.ledger`)
    const backup = run(`${two}:30:00.000`, apple('/usr/libexec/backupd-helper', 'com.apple.backupd-helper'), 0)
    mac.connectXpc(`${two}:30:00.410`, backup, 'com.apple.backupd.xpc')
    mac.exit(`${two}:30:09.000`, backup)
  }
  // The office's own updater asks the office's own helper, which installs: the look-alike of the attack.
  const updater = mac.run('10:05:20.100', UPDATER, [UPDATER.image, '--check'], ledger)
  mac.connectXpc('10:05:20.600', updater, 'example.ashdown.ledger.helper')
  const helper = run('10:05:20.800', HELPER, 0)
  const installer = mac.run(
    '10:05:23.000',
    apple('/usr/sbin/installer', 'com.apple.installer'),
    ['installer', '-pkg', '/Library/Application Support/Ledger/update.pkg', '-target', '/'],
    helper,
  )
  mac.connectXpc('10:05:23.300', installer, 'com.apple.installd')
  mac.exit('10:05:49.000', installer)
  mac.exit('10:05:50.000', updater)
  // Somebody who writes programs: a shell, the package manager's tools, Xcode's debugger on a program of one's own.
  const shell = mac.run('11:10:02.000', ZSH, ['-zsh'], terminal)
  const git = mac.run('11:10:30.000', { image: '/opt/homebrew/bin/git', signingId: 'git' }, ['git', 'fetch'], shell)
  mac.connectSocket('11:10:30.200', git, '/private/tmp/com.apple.launchd.Kq2vX9/Listeners')
  mac.exit('11:10:33.000', git)
  const tool = mac.run(
    '11:22:00.000',
    { image: '/Users/okafor/Projects/plan/build/plan', signingId: 'plan' },
    ['plan'],
    shell,
  )
  const xcode = {
    signingId: 'com.apple.debugserver',
    team: '59GAB85EFG',
    image: '/Applications/Xcode.app/Contents/SharedFrameworks/LLDB.framework/Resources/debugserver',
  }
  const debugserver = mac.run('11:22:04.000', xcode, ['debugserver', '--attach', String(tool.pid)], launchd, OKAFOR)
  mac.getTask('11:22:04.300', debugserver, tool)
  mac.exit('11:25:00.000', debugserver)
  const python = mac.run(
    '11:40:00.000',
    apple('/usr/bin/python3', 'com.apple.python3'),
    ['python3', 'report.py'],
    shell,
  )
  mac.bindSocket('11:40:01.000', python, '/private/tmp/pymp-8ab2k1', 'listener-4w9x')
  mac.exit('11:40:09.000', python)
  return { terminal, ledger, helper }
}
