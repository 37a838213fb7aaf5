// The kinds of telemetry that analytics' patterns ask for (patterns.ts), and the exact setting that gives each. Settings as the makers document them: Sysmon (Sysinternals), Windows audit policy and
// "Include command line in process creation events" (Microsoft), PowerShell script block logging, auditd(8), eslogger(1).

/** One kind of telemetry. */
export interface DataSource {
  id: string
  title: string
  platform: 'windows' | 'linux' | 'macos'
  /** any of these event kinds shows it; `field`: the kind counts only when it has that field */
  shownBy: readonly { channel: RegExp; eventIds?: readonly (number | string)[]; field?: string }[]
  /** for people: where to turn it on */
  setting: string
  /** the Sysmon event filter that gives it, inside <EventFiltering> */
  sysmon?: string
  /** commands that turn it on (audit policy, registry) */
  commands?: readonly string[]
  /** lines of an auditd rules file */
  auditd?: readonly string[]
  /** eslogger event names */
  eslogger?: readonly string[]
}

const SYSMON = /^microsoft-windows-sysmon\/operational$|^sysmon/i
const SECURITY = /^security$/i
const SYSTEM = /^system$/i
const POWERSHELL = /powershell/i
/** By ActionType: not every export names the table. */
const DEFENDER = /^defender xdr/i

export const DATA_SOURCES: readonly DataSource[] = [
  {
    id: 'process-creation',
    title: 'Process creation with command lines',
    platform: 'windows',
    shownBy: [
      { channel: SYSMON, eventIds: [1], field: 'CommandLine' },
      { channel: SECURITY, eventIds: [4688], field: 'CommandLine' },
      { channel: DEFENDER, eventIds: ['ProcessCreated'], field: 'CommandLine' },
    ],
    setting:
      'Sysmon event 1; or audit policy "Process Creation" with "Include command line in process creation events".',
    sysmon: '<RuleGroup name="" groupRelation="or"><ProcessCreate onmatch="exclude"/></RuleGroup>',
    commands: [
      'auditpol /set /subcategory:"{0CCE922B-69AE-11D9-BED3-505054503030}" /success:enable',
      'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Audit" /v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f',
    ],
  },
  {
    id: 'inbound-connections',
    title: 'Network connections by process',
    platform: 'windows',
    shownBy: [
      { channel: SYSMON, eventIds: [3] },
      { channel: SECURITY, eventIds: [5156] },
      { channel: DEFENDER, eventIds: ['InboundConnectionAccepted', 'ConnectionSuccess'] },
    ],
    setting: 'Sysmon event 3 for inbound RPC and SMB; or audit policy "Filtering Platform Connection" (high volume).',
    sysmon:
      '<RuleGroup name="" groupRelation="or"><NetworkConnect onmatch="include"><DestinationPort name="rpc" condition="is">135</DestinationPort><DestinationPort name="smb" condition="is">445</DestinationPort><Image name="com" condition="end with">explorer.exe</Image><Image name="com" condition="end with">mmc.exe</Image><Image name="com" condition="end with">mshta.exe</Image><Image name="com" condition="end with">excel.exe</Image><Image name="com" condition="end with">dllhost.exe</Image></NetworkConnect></RuleGroup>',
    commands: ['auditpol /set /subcategory:"{0CCE9226-69AE-11D9-BED3-505054503030}" /success:enable'],
  },
  {
    id: 'pipes',
    title: 'Named and anonymous pipes created and connected',
    platform: 'windows',
    shownBy: [
      { channel: SYSMON, eventIds: [17, 18] },
      { channel: DEFENDER, eventIds: ['NamedPipeEvent'] },
    ],
    setting: 'Sysmon events 17 and 18, without the browsers’ mojo and crashpad pipes.',
    sysmon:
      '<RuleGroup name="" groupRelation="or"><PipeEvent onmatch="exclude"><PipeName condition="begin with">\\mojo.</PipeName><PipeName condition="begin with">\\crashpad_</PipeName><PipeName condition="begin with">\\chrome.</PipeName></PipeEvent></RuleGroup>',
  },
  {
    id: 'ipc-share',
    title: 'Pipes opened over SMB, with address and account',
    platform: 'windows',
    shownBy: [{ channel: SECURITY, eventIds: [5145] }],
    setting: 'Audit policy "Detailed File Share" (success).',
    commands: ['auditpol /set /subcategory:"{0CCE9244-69AE-11D9-BED3-505054503030}" /success:enable'],
  },
  {
    id: 'logons',
    title: 'Logons with address and session',
    platform: 'windows',
    shownBy: [
      { channel: SECURITY, eventIds: [4624] },
      { channel: DEFENDER, eventIds: ['LogonSuccess'] },
    ],
    setting: 'Audit policy "Logon" and "Special Logon" (success).',
    commands: [
      'auditpol /set /subcategory:"{0CCE9215-69AE-11D9-BED3-505054503030}" /success:enable /failure:enable',
      'auditpol /set /subcategory:"{0CCE921B-69AE-11D9-BED3-505054503030}" /success:enable',
    ],
  },
  {
    id: 'services',
    title: 'Services installed',
    platform: 'windows',
    shownBy: [
      { channel: SYSTEM, eventIds: [7045] },
      { channel: SECURITY, eventIds: [4697] },
    ],
    setting:
      'The System log (event 7045) is always written: collect it. Audit policy "Security System Extension" adds who (4697).',
    commands: ['auditpol /set /subcategory:"{0CCE9211-69AE-11D9-BED3-505054503030}" /success:enable'],
  },
  {
    id: 'tasks',
    title: 'Scheduled tasks registered',
    platform: 'windows',
    shownBy: [
      { channel: SECURITY, eventIds: [4698] },
      { channel: /taskscheduler\/operational/i, eventIds: [106, 140] },
    ],
    setting: 'Audit policy "Other Object Access Events", or the log Microsoft-Windows-TaskScheduler/Operational.',
    commands: [
      'auditpol /set /subcategory:"{0CCE9227-69AE-11D9-BED3-505054503030}" /success:enable',
      'wevtutil set-log Microsoft-Windows-TaskScheduler/Operational /enabled:true',
    ],
  },
  {
    id: 'registry',
    title: 'Registry values of COM, DDE and services',
    platform: 'windows',
    shownBy: [
      { channel: SYSMON, eventIds: [13] },
      { channel: SECURITY, eventIds: [4657] },
      { channel: DEFENDER, eventIds: ['RegistryValueSet'] },
    ],
    setting: 'Sysmon event 13 for CLSID, AppID, Ole, Office security and services keys.',
    sysmon:
      '<RuleGroup name="" groupRelation="or"><RegistryEvent onmatch="include"><TargetObject name="com" condition="contains">\\CLSID\\</TargetObject><TargetObject name="com" condition="contains">\\AppID\\</TargetObject><TargetObject name="dcom" condition="contains">\\Microsoft\\Ole\\</TargetObject><TargetObject name="dde" condition="contains">\\Security\\AllowDDE</TargetObject><TargetObject name="dde" condition="contains">\\DisableDDEServer</TargetObject><TargetObject name="dde" condition="contains">\\ddeexec</TargetObject><TargetObject name="pipes" condition="contains">\\LanmanServer\\Parameters\\</TargetObject><TargetObject name="service" condition="end with">\\ImagePath</TargetObject></RegistryEvent></RuleGroup>',
  },
  {
    id: 'script-blocks',
    title: 'PowerShell script blocks',
    platform: 'windows',
    shownBy: [{ channel: POWERSHELL, eventIds: [4104] }],
    setting: 'Policy "Turn on PowerShell Script Block Logging".',
    commands: [
      'reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\PowerShell\\ScriptBlockLogging" /v EnableScriptBlockLogging /t REG_DWORD /d 1 /f',
    ],
  },
  {
    id: 'dcom-errors',
    title: 'DCOM activation errors',
    platform: 'windows',
    shownBy: [{ channel: SYSTEM, eventIds: [10006, 10009, 10016, 10028, 10036, 10037, 10038] }],
    setting: 'The System log is always written: collect it. (None may have occurred.)',
  },
  {
    id: 'rpc-calls',
    title: 'RPC calls with interface and operation',
    platform: 'windows',
    shownBy: [{ channel: /rpcfw|microsoft-windows-rpc/i }, { channel: /dce_rpc/i }],
    setting: 'RPC Firewall in audit mode, or Zeek (dce_rpc.log) or packet captures on the wire.',
  },
  {
    id: 'linux-processes',
    title: 'Program execution on Linux',
    platform: 'linux',
    shownBy: [{ channel: /audit|sysmon/i, eventIds: ['EXECVE', 'SYSCALL', 'process_creation', 1] }],
    setting: 'auditd: execve of both architectures; or Sysmon for Linux event 1.',
    auditd: [
      '-a always,exit -F arch=b64 -S execve,execveat -k crosstalk_exec',
      '-a always,exit -F arch=b32 -S execve,execveat -k crosstalk_exec',
    ],
  },
  {
    id: 'linux-ipc',
    title: 'Unix sockets, FIFOs, queues, shared memory and ptrace on Linux',
    platform: 'linux',
    shownBy: [{ channel: /audit/i, eventIds: ['SOCKADDR', 'MQ_OPEN', 'IPC', 'OBJ_PID'] }],
    setting:
      'auditd rules for connect and bind on Unix sockets, connect over IP, mknod, mq_open, shmget, ptrace, memory files.',
    auditd: [
      // 1 is AF_UNIX: auditctl takes the word `local` for 0, which no socket has.
      '-a always,exit -F arch=b64 -S bind,connect -F saddr_fam=1 -k crosstalk_unix',
      '-a always,exit -F arch=b64 -S connect -F saddr_fam=2 -k crosstalk_network',
      '-a always,exit -F arch=b64 -S connect -F saddr_fam=10 -k crosstalk_network',
      '-a always,exit -F arch=b64 -S mknod,mknodat -k crosstalk_fifo',
      '-a always,exit -F arch=b64 -S mq_open,shmget,shmat,msgget,semget -k crosstalk_ipc',
      '-a always,exit -F arch=b64 -S ptrace,process_vm_readv,process_vm_writev -k crosstalk_ptrace',
      '-a always,exit -F arch=b64 -S memfd_create -k crosstalk_memory',
      '-a always,exit -F arch=b64 -S pidfd_getfd,io_uring_setup -k crosstalk_memory',
      '-a always,exit -F arch=b64 -S open,openat,creat -F dir=/dev/shm -k crosstalk_memory',
    ],
  },
  {
    id: 'linux-logons',
    title: 'Logons on Linux with address and session',
    platform: 'linux',
    shownBy: [
      { channel: /^auditd$/i, eventIds: ['USER_START', 'USER_LOGIN'] },
      { channel: /^syslog$/i, eventIds: ['sshd'] },
      { channel: /^osquery/i, eventIds: ['last', 'logged_in_users'] },
      { channel: /^wtmp$/i },
    ],
    setting:
      'auditd has PAM’s and sshd’s records without a rule, unless one excludes them; else auth.log, secure or the journal (sshd, sudo, su, systemd-logind; LogLevel VERBOSE in sshd_config tells of both ends).',
  },
  {
    id: 'macos-exec',
    title: 'Program execution on macOS',
    platform: 'macos',
    shownBy: [{ channel: /endpoint|eslogger/i, eventIds: ['exec', 'process_creation'] }],
    setting: 'eslogger exec (Endpoint Security), or an agent that uses it.',
    eslogger: ['exec', 'fork', 'exit'],
  },
  {
    id: 'macos-ipc',
    title: 'XPC connections, task ports and Unix sockets on macOS',
    platform: 'macos',
    shownBy: [{ channel: /endpoint|eslogger/i, eventIds: ['xpc_connect', 'get_task', 'uipc_connect', 'uipc_bind'] }],
    setting: 'eslogger xpc_connect get_task uipc_bind uipc_connect (macOS 13 or 14 and later).',
    eslogger: ['xpc_connect', 'get_task', 'get_task_read', 'remote_thread_create', 'uipc_bind', 'uipc_connect'],
  },
  {
    id: 'macos-logons',
    title: 'Logons on macOS',
    platform: 'macos',
    shownBy: [{ channel: /endpoint|eslogger/i, eventIds: ['openssh_login', 'login_login', 'lw_session_login'] }],
    setting:
      'eslogger openssh_login login_login lw_session_login screensharing_attach (macOS 13 and later), su sudo (14).',
    eslogger: ['openssh_login', 'login_login', 'lw_session_login', 'screensharing_attach', 'su', 'sudo'],
  },
]
