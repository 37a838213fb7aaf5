// Who works at Ashdown Architects, and on what. The office, its people, machines and programs are invented; addresses outside are of the
// ranges that RFC 5737 keeps for documentation.

export const DOMAIN = 'ASHDOWN'
export const DNS_DOMAIN = 'ashdown.example'
const DOMAIN_SID = 'S-1-5-21-2904116533-1187420016-3750298411'

export interface Account {
  /** without the domain */
  name: string
  domain: string
  sid: string
}

const person = (name: string, rid: number): Account => ({ name, domain: DOMAIN, sid: `${DOMAIN_SID}-${rid}` })

/** Accounting. */
export const LINDQVIST = person('p.lindqvist', 1106)
/** Draws; administers their own workstation, because the drawing program once needed it. */
export const BRANDT = person('t.brandt', 1107)
/** Projects. */
export const OKAFOR = person('m.okafor', 1108)
/** Looks after the machines, with an account for it. */
export const REYES = person('adm.reyes', 1121)

export const SYSTEM: Account = { name: 'SYSTEM', domain: 'NT AUTHORITY', sid: 'S-1-5-18' }
export const NETWORK_SERVICE: Account = { name: 'NETWORK SERVICE', domain: 'NT AUTHORITY', sid: 'S-1-5-20' }
export const LOCAL_SERVICE: Account = { name: 'LOCAL SERVICE', domain: 'NT AUTHORITY', sid: 'S-1-5-19' }

/** A computer's own account in the domain. */
export const computerAccount = (machine: string, rid: number): Account => person(`${machine}$`, rid)

export const nameOf = (account: Account) => `${account.domain}\\${account.name}`
