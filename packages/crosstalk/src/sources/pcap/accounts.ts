// Whose a session is: NTLM says it in its third message, Kerberos only when the ticket was issued (a ticket itself is sealed). Fields as Zeek's ntlm and kerberos
// logs have them. Sources: [MS-NLMP] 2.2.1, RFC 4120 5.3 to 5.5.
import { type Fields, numberIn, textIn, valuesIn, withField } from './layers.ts'

export interface WireAccount {
  readonly username: string
  readonly domainname?: string
}

/** The third message of NTLM. */
export interface NtlmProof extends WireAccount {
  readonly hostname?: string
}

/** What the server said of itself in the second. */
export interface NtlmChallenge {
  readonly server_nb_computer_name?: string
  readonly server_dns_computer_name?: string
  readonly server_tree_name?: string
}

const CHALLENGE = 2
const AUTHENTICATE = 3
const MESSAGE = 'ntlmssp_ntlmssp_messagetype'

/** tshark writes NULL where a name is empty: an anonymous session. */
const given = (text: string | undefined) => (text === undefined || text === '' || text === 'NULL' ? undefined : text)

export function ntlmProof(layer: Fields): NtlmProof | undefined {
  const message = withField(layer, MESSAGE).find((one) => numberIn(one, MESSAGE) === AUTHENTICATE)
  if (!message) return undefined
  return {
    username: given(textIn(message, 'ntlmssp_ntlmssp_auth_username')) ?? '',
    domainname: given(textIn(message, 'ntlmssp_ntlmssp_auth_domain')),
    hostname: given(textIn(message, 'ntlmssp_ntlmssp_auth_hostname')),
  }
}

export function ntlmChallenge(layer: Fields): NtlmChallenge | undefined {
  const message = withField(layer, MESSAGE).find((one) => numberIn(one, MESSAGE) === CHALLENGE)
  const said = (name: string) => message && given(textIn(message, `ntlmssp_ntlmssp_challenge_target_info_${name}`))
  return (
    message && {
      server_nb_computer_name: said('nb_computer_name'),
      server_dns_computer_name: said('dns_computer_name'),
      server_tree_name: said('dns_tree_name'),
    }
  )
}

/** The account without a name is the anonymous one. */
export const accountFields = (account: WireAccount | undefined) =>
  account && { username: account.username || 'ANONYMOUS LOGON', domainname: account.domainname }

const TYPE = 'kerberos_kerberos_msg_type'
const KDC_REPLIES: ReadonlySet<number> = new Set([11, 13])
const AP_REQUEST = 14
const MAX_TICKETS = 20_000

/** Tickets that were seen when they were issued, by their sealed part; the oldest go first. */
export class Tickets {
  readonly #accounts = new Map<string, WireAccount>()

  /** Remembers the ticket of a reply of the key distribution centre. */
  learn(reply: Fields): void {
    const type = numberIn(reply, TYPE)
    const sealed = textIn(reply, 'kerberos_kerberos_cipher')
    const username = valuesIn(reply, 'kerberos_kerberos_CNameString').join('/')
    if (type === undefined || !KDC_REPLIES.has(type) || sealed === undefined || username === '') return
    if (this.#accounts.size >= MAX_TICKETS) this.#accounts.delete(this.#accounts.keys().next().value!)
    this.#accounts.set(keyOf(sealed), { username, domainname: textIn(reply, 'kerberos_kerberos_crealm') })
  }

  /** Whose ticket a session was opened with; undefined when it was issued where nobody captured. */
  holder(layer: Fields): WireAccount | undefined {
    for (const message of withField(layer, TYPE)) {
      if (numberIn(message, TYPE) !== AP_REQUEST) continue
      const sealed = textIn(message, 'kerberos_kerberos_cipher')
      const account = sealed === undefined ? undefined : this.#accounts.get(keyOf(sealed))
      if (account) return account
    }
    return undefined
  }
}

/** Sealed parts are long; their first bytes are random enough. */
const keyOf = (sealed: string) => sealed.slice(0, 192)

/** Whether a layer carries Kerberos or NTLM, in Zeek's words. */
export function securityServices(layer: Fields): string[] {
  const services: string[] = []
  if (withField(layer, MESSAGE).length) services.push('ntlm')
  if (withField(layer, TYPE).length) services.push('krb')
  return services
}
