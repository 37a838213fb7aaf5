// For tests: events of Endpoint Security, made up after eslogger's schema.
export const process = (pid: number, path: string, more: object = {}) => ({
  executable: { path, path_truncated: false },
  audit_token: { pid, pidversion: pid + 1000, euid: 501, ruid: 501, auid: 501, asid: 100_003 },
  parent_audit_token: { pid: 1, pidversion: 1001 },
  ppid: 1,
  signing_id: 'com.example.tool',
  team_id: null,
  is_platform_binary: false,
  ...more,
})

export const message = (type: string, event: object, at = 0, actor: object = process(500, '/bin/zsh')) => ({
  schema_version: 1,
  mach_time: 5_000 + at,
  event_type: 9,
  process: actor,
  event: { [type]: event },
  action_type: 1,
  time: `2024-05-14T09:00:${String(at).padStart(2, '0')}.123456789Z`,
  version: 7,
  seq_num: at,
  global_seq_num: 100 + at,
  thread: { thread_id: 7 },
})

export const esloggerSample = () =>
  Array.from({ length: 40 }, (_, at) =>
    JSON.stringify(
      at % 3 === 0
        ? message(
            'exec',
            { target: process(500, '/bin/ls'), args: ['ls', 'ä'.repeat(at % 5)], cwd: { path: '/tmp' } },
            at,
          )
        : message('xpc_connect', { service_name: `com.example.${at}`, service_domain_type: 1 }, at),
    ),
  ).join('\n')
