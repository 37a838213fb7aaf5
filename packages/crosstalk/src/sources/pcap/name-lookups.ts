// DNS and Kerberos: a question and its answer told as one event, as Zeek's dns and kerberos logs do.
// Sources: RFC 1035 4.1, IANA "DNS Parameters"; RFC 4120 5.4, 7.5.9 and RFC 3961, 3962, 4757 (names of encryption types).
import type { FieldValue } from '@crosstalk/sigma'
import type { Tickets } from './accounts.ts'
import type { Connection } from './connections.ts'
import { type Fields, flagIn, numberIn, textIn, valuesIn } from './layers.ts'
import type { EmitWire, Place, WireFields } from './wire-events.ts'

interface Question {
  readonly connection: Connection
  readonly place: Place
  readonly time: number
  readonly fields: WireFields
}

/** Questions that wait for an answer; the oldest are told without one. */
const MAX_WAITING = 20_000

// biome-ignore format: a table
const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'], [2, 'NS'], [5, 'CNAME'], [6, 'SOA'], [10, 'NULL'], [12, 'PTR'], [13, 'HINFO'], [15, 'MX'], [16, 'TXT'], [28, 'AAAA'], [33, 'SRV'], [35, 'NAPTR'],
  [43, 'DS'], [46, 'RRSIG'], [47, 'NSEC'], [48, 'DNSKEY'], [52, 'TLSA'], [64, 'SVCB'], [65, 'HTTPS'], [251, 'IXFR'], [252, 'AXFR'], [255, '*'],
])
const CODES = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
]
const ANSWERS = [
  'dns_dns_a',
  'dns_dns_aaaa',
  'dns_dns_cname',
  'dns_dns_ns',
  'dns_dns_ptr_domain_name',
  'dns_dns_mx_mail_exchange',
  'dns_dns_srv_target',
  'dns_dns_txt',
]

/** What waits for an answer, by connection and number. */
class Waiting {
  readonly #questions = new Map<string, Question>()
  readonly #tell: (question: Question, answer?: WireFields) => void

  constructor(tell: (question: Question, answer?: WireFields) => void) {
    this.#tell = tell
  }

  ask(key: string, question: Question): void {
    if (this.#questions.size >= MAX_WAITING) {
      const [oldest, unanswered] = this.#questions.entries().next().value!
      this.#questions.delete(oldest)
      this.#tell(unanswered)
    }
    this.#questions.set(key, question)
  }

  answered(key: string): Question | undefined {
    const question = this.#questions.get(key)
    this.#questions.delete(key)
    return question
  }

  end(): void {
    for (const question of this.#questions.values()) this.#tell(question)
    this.#questions.clear()
  }
}

export class Dns {
  readonly #emit: EmitWire
  readonly #waiting: Waiting

  constructor(emit: EmitWire) {
    this.#emit = emit
    this.#waiting = new Waiting(({ connection, place, time, fields }) => emit('dns', connection, place, time, fields))
  }

  take(layer: Fields, connection: Connection, place: Place, time: number): void {
    connection.services.add('dns')
    const id = numberIn(layer, 'dns_dns_id')
    const key = `${connection.uid} ${id} ${textIn(layer, 'dns_dns_qry_name')} ${textIn(layer, 'dns_dns_qry_type')}`
    const isAnswer = flagIn(layer, 'dns_dns_flags_response')
    const asked = this.#question(layer, connection, id)
    if (!isAnswer) {
      this.#waiting.ask(key, { connection, place, time, fields: asked })
      return
    }
    const code = numberIn(layer, 'dns_dns_flags_rcode') ?? 0
    const answers = ANSWERS.flatMap((name) => valuesIn(layer, name))
    const question = this.#waiting.answered(key)
    this.#emit('dns', connection, question?.place ?? place, question?.time ?? time, {
      ...asked,
      rtt: question && (time - question.time) / 1e6,
      rcode: code,
      rcode_name: CODES[code] ?? String(code),
      AA: flagIn(layer, 'dns_dns_flags_authoritative'),
      TC: flagIn(layer, 'dns_dns_flags_truncated'),
      RA: flagIn(layer, 'dns_dns_flags_recavail'),
      answers: answers.length ? answers : undefined,
      TTLs: listOf(valuesIn(layer, 'dns_dns_resp_ttl').map(Number)),
      rejected: code !== 0 && answers.length === 0 && code !== 3,
    })
  }

  end(): void {
    this.#waiting.end()
  }

  #question(layer: Fields, connection: Connection, id: number | undefined): WireFields {
    const type = numberIn(layer, 'dns_dns_qry_type')
    const unused = numberIn(layer, 'dns_dns_flags_z') ?? (flagIn(layer, 'dns_dns_flags_z') ? 1 : 0)
    return {
      proto: connection.protocol,
      trans_id: id,
      query: textIn(layer, 'dns_dns_qry_name'),
      qtype: type,
      qtype_name: type === undefined ? undefined : (TYPES.get(type) ?? `query-${type}`),
      qclass: numberIn(layer, 'dns_dns_qry_class'),
      RD: flagIn(layer, 'dns_dns_flags_recdesired'),
      Z: unused,
    }
  }
}

const listOf = (values: readonly number[]): FieldValue | undefined =>
  values.length && values.every(Number.isFinite) ? [...values] : undefined

const AS_REQUEST = 10
const TGS_REQUEST = 12
const ERROR = 30
const REPLIES: Readonly<Record<number, string>> = { 11: 'AS', 13: 'TGS' }

/** As Zeek names them (scripts/base/protocols/krb/consts.zeek). */
const CIPHERS: Readonly<Record<number, string>> = {
  1: 'des-cbc-crc',
  3: 'des-cbc-md5',
  16: 'des3-cbc-sha1',
  17: 'aes128-cts-hmac-sha1-96',
  18: 'aes256-cts-hmac-sha1-96',
  19: 'aes128-cts-hmac-sha256-128',
  20: 'aes256-cts-hmac-sha384-192',
  23: 'rc4-hmac',
  24: 'rc4-hmac-exp',
}
/** RFC 4120 7.5.9. */
const ERRORS: Readonly<Record<number, string>> = {
  1: 'KDC_ERR_NAME_EXP',
  2: 'KDC_ERR_SERVICE_EXP',
  3: 'KDC_ERR_BAD_PVNO',
  4: 'KDC_ERR_C_OLD_MAST_KVNO',
  5: 'KDC_ERR_S_OLD_MAST_KVNO',
  6: 'KDC_ERR_C_PRINCIPAL_UNKNOWN',
  7: 'KDC_ERR_S_PRINCIPAL_UNKNOWN',
  8: 'KDC_ERR_PRINCIPAL_NOT_UNIQUE',
  9: 'KDC_ERR_NULL_KEY',
  10: 'KDC_ERR_CANNOT_POSTDATE',
  11: 'KDC_ERR_NEVER_VALID',
  12: 'KDC_ERR_POLICY',
  13: 'KDC_ERR_BADOPTION',
  14: 'KDC_ERR_ETYPE_NOSUPP',
  15: 'KDC_ERR_SUMTYPE_NOSUPP',
  16: 'KDC_ERR_PADATA_TYPE_NOSUPP',
  17: 'KDC_ERR_TRTYPE_NOSUPP',
  18: 'KDC_ERR_CLIENT_REVOKED',
  19: 'KDC_ERR_SERVICE_REVOKED',
  20: 'KDC_ERR_TGT_REVOKED',
  21: 'KDC_ERR_CLIENT_NOTYET',
  22: 'KDC_ERR_SERVICE_NOTYET',
  23: 'KDC_ERR_KEY_EXPIRED',
  24: 'KDC_ERR_PREAUTH_FAILED',
  25: 'KDC_ERR_PREAUTH_REQUIRED',
  26: 'KDC_ERR_SERVER_NOMATCH',
  27: 'KDC_ERR_MUST_USE_USER2USER',
  28: 'KDC_ERR_PATH_NOT_ACCEPTED',
  29: 'KDC_ERR_SVC_UNAVAILABLE',
  31: 'KRB_AP_ERR_BAD_INTEGRITY',
  32: 'KRB_AP_ERR_TKT_EXPIRED',
  33: 'KRB_AP_ERR_TKT_NYV',
  34: 'KRB_AP_ERR_REPEAT',
  35: 'KRB_AP_ERR_NOT_US',
  36: 'KRB_AP_ERR_BADMATCH',
  37: 'KRB_AP_ERR_SKEW',
  38: 'KRB_AP_ERR_BADADDR',
  39: 'KRB_AP_ERR_BADVERSION',
  40: 'KRB_AP_ERR_MSG_TYPE',
  41: 'KRB_AP_ERR_MODIFIED',
  42: 'KRB_AP_ERR_BADORDER',
  44: 'KRB_AP_ERR_BADKEYVER',
  45: 'KRB_AP_ERR_NOKEY',
  46: 'KRB_AP_ERR_MUT_FAIL',
  47: 'KRB_AP_ERR_BADDIRECTION',
  48: 'KRB_AP_ERR_METHOD',
  49: 'KRB_AP_ERR_BADSEQ',
  50: 'KRB_AP_ERR_INAPP_CKSUM',
  51: 'KRB_AP_PATH_NOT_ACCEPTED',
  52: 'KRB_ERR_RESPONSE_TOO_BIG',
  60: 'KRB_ERR_GENERIC',
  61: 'KRB_ERR_FIELD_TOOLONG',
  62: 'KDC_ERROR_CLIENT_NOT_TRUSTED',
  63: 'KDC_ERROR_KDC_NOT_TRUSTED',
  64: 'KDC_ERROR_INVALID_SIG',
  65: 'KDC_ERR_KEY_TOO_WEAK',
  66: 'KDC_ERR_CERTIFICATE_MISMATCH',
  67: 'KRB_AP_ERR_NO_TGT',
  68: 'KDC_ERR_WRONG_REALM',
  69: 'KRB_AP_ERR_USER_TO_USER_REQUIRED',
}

export class Kerberos {
  readonly #emit: EmitWire
  readonly #tickets: Tickets
  readonly #waiting: Waiting

  constructor(emit: EmitWire, tickets: Tickets) {
    this.#emit = emit
    this.#tickets = tickets
    this.#waiting = new Waiting(({ connection, place, time, fields }) =>
      emit('kerberos', connection, place, time, fields),
    )
  }

  take(layer: Fields, connection: Connection, place: Place, time: number): void {
    const types = valuesIn(layer, 'kerberos_kerberos_msg_type').map(Number)
    const type = types[0]
    connection.services.add('krb')
    this.#tickets.learn(layer)
    if (type === AS_REQUEST || type === TGS_REQUEST) {
      // A TGS request carries the ticket that it is asked with; its own names come behind those of that ticket.
      const names = valuesIn(layer, 'kerberos_kerberos_SNameString')
      const service = type === TGS_REQUEST && names[0] === 'krbtgt' ? names.slice(2) : names
      const fields = {
        request_type: type === AS_REQUEST ? 'AS' : 'TGS',
        client: client(layer, 'kerberos_kerberos_realm'),
        service: service.join('/') || undefined,
      }
      this.#waiting.ask(connection.uid, { connection, place, time, fields })
      return
    }
    const kind = REPLIES[type]
    if (kind === undefined && type !== ERROR) return
    const question = this.#waiting.answered(connection.uid)
    const cipher = numberIn(layer, 'kerberos_kerberos_etype')
    const code = numberIn(layer, 'kerberos_kerberos_error_code')
    this.#emit('kerberos', connection, question?.place ?? place, question?.time ?? time, {
      ...question?.fields,
      request_type: kind ?? question?.fields.request_type,
      client: client(layer, 'kerberos_kerberos_crealm') ?? question?.fields.client,
      service: valuesIn(layer, 'kerberos_kerberos_SNameString').join('/') || question?.fields.service,
      success: type !== ERROR,
      error_code: code,
      error_msg: code === undefined ? undefined : (ERRORS[code] ?? String(code)),
      cipher: type === ERROR || cipher === undefined ? undefined : (CIPHERS[cipher] ?? String(cipher)),
    })
  }

  end(): void {
    this.#waiting.end()
  }
}

function client(layer: Fields, realm: string): string | undefined {
  const name = valuesIn(layer, 'kerberos_kerberos_CNameString').join('/')
  return name === '' ? undefined : [name, textIn(layer, realm)].filter(Boolean).join('/')
}
