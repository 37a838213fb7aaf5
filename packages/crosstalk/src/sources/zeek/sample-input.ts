// For tests: Zeek logs, made up.
export const ZEEK_EVENTS = 40
const numbers = Array.from({ length: ZEEK_EVENTS }, (_, at) => at)

const FIELDS = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'rtt',
  'named_pipe',
  'endpoint',
  'operation',
]
const row = (at: number) => [
  `17156772${String(at).padStart(2, '0')}.${'123456'.slice(0, (at % 6) + 1)}`,
  `C${at}`,
  '10.0.0.6',
  50_000 + at,
  '10.0.0.4',
  445,
  at % 3 === 0 ? '-' : '0.001',
  `\\pipe\\${'x'.repeat((at * 7) % 40)}`,
  at % 5 === 0 ? 'sv\\x09cctl' : `ä${at}`,
  'OpenSCManagerW',
]

export const zeekTsvSample = () =>
  [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tdce_rpc',
    '#open\t2024-05-14-09-00-00',
    `#fields\t${FIELDS.join('\t')}`,
    '#types\ttime\tstring\taddr\tport\taddr\tport\tinterval\tstring\tstring\tstring',
    ...numbers.map((at) => row(at).join('\t')),
    '#close\t2024-05-14-10-00-00',
  ].join('\n')

export const zeekJsonSample = () =>
  numbers
    .map((at) =>
      JSON.stringify(
        Object.fromEntries(FIELDS.map((name, column) => [name, column === 0 ? Number(row(at)[0]) : row(at)[column]])),
      ),
    )
    .join('\n')
