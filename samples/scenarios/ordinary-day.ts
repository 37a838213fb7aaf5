// An ordinary day of the office. Much in it looks like abuse of inter-process communication to a rule that sees one record.

import { session } from '../office/machine.ts'
import { at, type Host, type Office } from '../office/office.ts'
import { BRANDT, LINDQVIST, OKAFOR, REYES } from '../office/people.ts'
import { accounting } from './ordinary/accounting.ts'
import { administer } from './ordinary/administration.ts'
import { background } from './ordinary/background.ts'
import { type Desktop, logOn } from './ordinary/desktop.ts'
import { directory } from './ordinary/directory.ts'
import { draw, manageProjects } from './ordinary/drawing.ts'
import type { Scenario } from './scenario.ts'

/** Who sits where, for the attacks that happen there. */
export interface Seats {
  lindqvist: Desktop
  brandt: Desktop
  okafor: Desktop
}

const seats = new WeakMap<Office, Seats>()

/** The desktops of the day; play it first. */
export function seatsOf(office: Office): Seats {
  const known = seats.get(office)
  if (!known) throw new Error('the ordinary day is played before the attacks in it')
  return known
}

export const ordinaryDay: Scenario = {
  id: 'ordinary-day',
  story:
    'Three people work, one looks after the machines; updates, backups, printing, a domain controller. Nothing is wrong.',
  play(office) {
    const { ws01, ws02, ws03, dc01 } = office
    const lindqvist = logOn(ws01, at('07:52:10'), session(LINDQVIST, 0x4c1f2))
    const okafor = logOn(ws03, at('08:01:26'), session(OKAFOR, 0x51e07))
    const brandt = logOn(ws02, at('08:11:03'), session(BRANDT, 0x5b9c4, { elevated: true }))
    seats.set(office, { lindqvist, brandt, okafor })
    accounting(lindqvist)
    draw(brandt)
    manageProjects(okafor)
    directory(dc01, [ws01, ws02, ws03])
    administer(office, session(REYES, 0x2b41d7, { terminal: 2, elevated: true }))
    for (const host of workstations(office)) background(host)
    background(dc01)
  },
}

const workstations = ({ ws01, ws02, ws03 }: Office): Host[] => [ws01, ws02, ws03]
