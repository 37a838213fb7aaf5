// Every rule of SigmaHQ's for Zeek matches an event of the log that it is about, as Zeek writes it, in JSON and as text, and as Filebeat does. Skips by name where the corpus is not here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'

type Log = Record<string, string | number | boolean | string[]>

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '../../../../../shared/corpus')
const program = resolve(import.meta.dirname, '../../bin/crosstalk.js')
const rules = globSync(join(corpus, 'sigma/**/*.yml'))
  .filter((path) => /^\s*product: zeek$/m.test(readFileSync(path, 'utf8')))
  .sort()
const folder = mkdtempSync(join(tmpdir(), 'crosstalk-zeek-rules-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const ENDS = {
  ts: 1700000000.5,
  uid: 'C1',
  'id.orig_h': '10.0.0.6',
  'id.orig_p': 50123,
  'id.resp_h': '203.0.113.9',
  'id.resp_p': 80,
}
const http = (more: Log): Log => ({
  ...ENDS,
  _path: 'http',
  trans_depth: 1,
  method: 'GET',
  host: 'a.example',
  uri: '/',
  status_code: 200,
  ...more,
})
const dns = (more: Log): Log => ({
  ...ENDS,
  _path: 'dns',
  'id.resp_p': 53,
  trans_id: 1,
  query: 'a.example',
  qtype_name: 'A',
  Z: 0,
  rejected: false,
  ...more,
})
const file = (path: string, name: string): Log => ({
  ...ENDS,
  _path: 'smb_files',
  action: 'SMB::FILE_OPEN',
  path,
  name,
})
const call = (endpoint: string, operation: string): Log => ({
  ...ENDS,
  _path: 'dce_rpc',
  named_pipe: '\\pipe\\x',
  endpoint,
  operation,
})

/** By the rule's file: an event that it is for. */
const EVENTS: Readonly<Record<string, Log>> = {
  zeek_dce_rpc_exploit_cve_2021_1675_printnightmare_print_driver_install: call('spoolss', 'RpcAddPrinterDriverEx'),
  zeek_dce_rpc_mitre_bzar_execution: call('svcctl', 'CreateServiceW'),
  zeek_dce_rpc_mitre_bzar_persistence: call('ISecLogon', 'SeclCreateProcessWithLogonW'),
  zeek_dce_rpc_potential_petit_potam_efs_rpc_call: call('efsrpc', 'EfsRpcOpenFileRaw'),
  zeek_dce_rpc_smb_spoolss_named_pipe: file('\\\\PC4\\IPC$', 'spoolss'),
  zeek_default_cobalt_strike_certificate: {
    ts: 1700000000.5,
    _path: 'x509',
    id: 'F1',
    'certificate.serial': '8BB00EE',
  },
  zeek_dns_kerberos_coercion_via_dns_object_spn_spoofing: dns({ query: 'pc1UWhRCAAAAABAAAA.a.example' }),
  zeek_dns_mining_pools: dns({ query: 'eu.minergate.com', answers: ['203.0.113.7'] }),
  zeek_dns_nkn: dns({ query: 'seed.nkn.org' }),
  zeek_dns_susp_zbit_flag: dns({ query: 'a.example', Z: 1 }),
  zeek_dns_torproxy: dns({ query: 'x.onion.to' }),
  zeek_http_executable_download_from_webdav: http({ user_agent: 'Microsoft-WebDAV-MiniRedir/10.0', uri: '/a.exe' }),
  zeek_http_exploit_cve_2021_38647_omigod_no_auth_rce: http({
    method: 'POST',
    uri: '/wsman',
    request_body_len: 900,
    client_header_names: ['HOST', 'CONTENT-TYPE'],
  }),
  zeek_http_katz_stealer_susp_useragent: http({ user_agent: 'Mozilla/5.0 katz-ontop' }),
  zeek_http_susp_file_ext_from_susp_tld: http({ host: 'cdn.example.top', uri: '/x.hta' }),
  zeek_http_webdav_put_request: http({ user_agent: 'Microsoft-WebDAV-MiniRedir/10.0', method: 'PUT' }),
  zeek_rdp_public_listener: { ...ENDS, _path: 'rdp', 'id.orig_h': '198.51.100.7', cookie: 'adm', result: 'Success' },
  zeek_smb_converted_win_atsvc_task: file('\\\\PC4\\IPC$', 'atsvc'),
  zeek_smb_converted_win_impacket_secretdump: file('\\\\PC4\\ADMIN$', 'SYSTEM32\\AbCdEfGh.tmp'),
  zeek_smb_converted_win_lm_namedpipe: file('\\\\PC4\\IPC$', 'msagent_12'),
  zeek_smb_converted_win_susp_psexec: file('\\\\PC4\\IPC$', 'RemCom-PC6-stdin'),
  zeek_smb_converted_win_susp_raccess_sensitive_fext: file('\\\\PC4\\C$', 'Users\\a\\mail.pst'),
  zeek_smb_converted_win_transferring_files_with_credential_data: file('\\\\PC4\\C$', '\\ntds.dit'),
  zeek_susp_kerberos_rc4: {
    ...ENDS,
    _path: 'kerberos',
    request_type: 'TGS',
    client: 'a/A.EXAMPLE',
    service: 'MSSQLSvc/db',
    cipher: 'rc4-hmac',
  },
}

/**
 * Rules whose path is the share's name as Windows writes it in event 5145, with a star for the server that is meant as a star (`\\*\IPC$`): they were made from rules for that
 * event. Zeek writes the server's name there, so on a real log they match nothing, here as elsewhere.
 */
const NEVER = new Set(['zeek_smb_converted_win_atsvc_task', 'zeek_smb_converted_win_lm_namedpipe'])

/** As Zeek's ASCII writer has it: one log a file. */
function asText({ _path, ...log }: Log): string {
  const types = Object.values(log).map((value) =>
    Array.isArray(value)
      ? 'vector[string]'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? 'double'
          : 'string',
  )
  const values = Object.values(log).map((value) =>
    Array.isArray(value) ? value.join(',') : typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value),
  )
  const lines = [['#path', String(_path)], ['#fields', ...Object.keys(log)], ['#types', ...types], values]
  return `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n${lines.map((line) => line.join('\t')).join('\n')}\n`
}

/** What Filebeat's pipelines call a field of Zeek's (elastic/beats, x-pack/filebeat/module/zeek, documents expected by its tests). */
const FILEBEAT: Readonly<Record<string, string>> = {
  uid: 'zeek.session_id',
  'id.orig_h': 'source.ip',
  'id.orig_p': 'source.port',
  'id.resp_h': 'destination.ip',
  'id.resp_p': 'destination.port',
  uri: 'url.original',
  host: 'url.domain',
  method: 'http.request.method',
  status_code: 'http.response.status_code',
  user_agent: 'user_agent.original',
  request_body_len: 'http.request.body.bytes',
}

function asFilebeat({ _path, ts, ...log }: Log): string {
  const document: Log = { '@timestamp': new Date(Number(ts) * 1000).toISOString(), 'event.dataset': `zeek.${_path}` }
  for (const [name, value] of Object.entries(log)) document[FILEBEAT[name] ?? `zeek.${_path}.${name}`] = value
  return `${JSON.stringify(document)}\n`
}

function matches(name: string, content: string): Set<string> {
  const path = join(folder, name)
  writeFileSync(path, content)
  const args = ['scan', path, ...rules.flatMap((rule) => ['--rules', rule]), '--format', 'jsonl', '--quiet']
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return new Set(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).rule.id as string),
  )
}

const idOf = (path: string) => /^id:\s*(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
const known = rules.map((path) => ({ name: basename(path, '.yml'), id: idOf(path) }))

describe('SigmaHQ’s rules for Zeek', { skip: rules.length ? false : 'the corpus is not here (sigma)' }, () => {
  test('there is an event for each', () => {
    assert.deepEqual(
      known.filter(({ name }) => !EVENTS[name]).map(({ name }) => name),
      [],
    )
  })
  for (const [form, write] of [
    ['json', (log: Log) => `${JSON.stringify(log)}\n`],
    ['text', asText],
    ['filebeat', asFilebeat],
  ] as const) {
    test(`each matches it, as ${form}`, () => {
      const content = known.flatMap(({ name }) => (EVENTS[name] ? [write(EVENTS[name])] : [])).join('')
      const found = matches(`logs.${form}`, content)
      assert.deepEqual(new Set(known.filter(({ id }) => !found.has(id)).map(({ name }) => name)), NEVER)
    })
  }
})
