import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directoryAccess } from './directory-access.ts'
import { fileCreated } from './file-created.ts'
import { imageLoaded } from './image-loaded.ts'
import { logCleared } from './log-cleared.ts'
import { processAccessed } from './process-accessed.ts'
import { registrySet } from './registry-set.ts'
import { remoteThread } from './remote-thread.ts'
import { controlManager, powershell, read, readOne, type SampleEvent, security, sysmon } from './sample-event.ts'
import { scriptBlock } from './script-block.ts'
import { serviceChanged, serviceInstalled, serviceState } from './service.ts'
import { shareFile } from './share-file.ts'
import { taskRegistered } from './task.ts'
import { messagePattern, messageValue, wmiActivity } from './wmi-activity.ts'

test('7045 names the service and what it runs; the account it runs as is not who installed it', () => {
  assert.deepEqual(
    readOne(
      serviceInstalled,
      controlManager(7045, {
        ServiceName: 'BTOBTO',
        ImagePath: 'cmd /c echo x',
        ServiceType: 'user mode service',
        StartType: 'demand start',
        AccountName: 'LocalSystem',
        UserID: 'S-1-5-21-1-2-3-500',
      }),
    ),
    {
      kind: 'effect',
      what: 'service-installed',
      account: { sid: 'S-1-5-21-1-2-3-500' },
      name: 'BTOBTO',
      detail: { ImagePath: 'cmd /c echo x', ServiceType: 'user mode service', StartType: 'demand start' },
    },
  )
})

test('4697 names who installed it', () => {
  assert.deepEqual(
    readOne(
      serviceInstalled,
      security(4697, {
        SubjectUserName: 'anna',
        SubjectLogonId: '0x5',
        ServiceName: 'S',
        ServiceFileName: 'a.exe',
        ServiceAccount: 'LocalSystem',
      }),
    ),
    {
      kind: 'effect',
      what: 'service-installed',
      account: { name: 'anna', logonId: '0x5' },
      name: 'S',
      detail: { ServiceFileName: 'a.exe', ServiceAccount: 'LocalSystem' },
    },
  )
})

test('7036 and 7040 tell state and start type', () => {
  assert.deepEqual(readOne(serviceState, controlManager(7036, { param1: 'IKE Keying', param2: 'running' })), {
    kind: 'effect',
    what: 'service-state',
    account: {},
    name: 'IKE Keying',
    detail: { param1: 'IKE Keying', param2: 'running' },
  })
  const changed = readOne(
    serviceChanged,
    controlManager(7040, { param1: 'IKE Keying', param2: 'demand start', param3: 'auto start', param4: 'IKEEXT' }),
  )
  assert.equal('name' in changed && changed.name, 'IKEEXT')
  assert.equal(read(serviceState, { ...controlManager(7036, { param1: 'x' }), provider: 'Other' }), undefined)
})

test('4698 tells the command and the COM handler of the task', () => {
  const TaskContent =
    '<Task><Actions><Exec><Command>cmd.exe</Command><Arguments>/c &quot;a &amp; b&quot;</Arguments></Exec><ComHandler><ClassId>{0A}</ClassId></ComHandler></Actions></Task>'
  assert.deepEqual(readOne(taskRegistered, security(4698, { SubjectUserName: 'anna', TaskName: '\\T', TaskContent })), {
    kind: 'effect',
    what: 'task-registered',
    account: { name: 'anna' },
    name: '\\T',
    detail: { event: 'created', Command: 'cmd.exe /c "a & b"', ClassId: '{0A}' },
  })
})

test('4699 tells that a task was deleted', () => {
  assert.deepEqual(readOne(taskRegistered, security(4699, { SubjectUserName: 'anna', TaskName: '\\T' })), {
    kind: 'effect',
    what: 'task-deleted',
    account: { name: 'anna' },
    name: '\\T',
    detail: { event: 'deleted' },
  })
})

const registry = (TargetObject: string): SampleEvent =>
  sysmon(13, {
    EventType: 'SetValue',
    ProcessId: 468,
    Image: 'C:\\Windows\\system32\\services.exe',
    TargetObject,
    Details: 'X',
  })

test('of the registry only what decides about channels and services is told', () => {
  for (const key of [
    'HKLM\\System\\CurrentControlSet\\Services\\msdhch\\ImagePath',
    'HKLM\\System\\CurrentControlSet\\Services\\x\\Parameters\\ServiceDll',
    'HKU\\S-1-5-21-1\\Software\\Classes\\CLSID\\{0A29FF9E-7F9C-4437-8B11-F424491E3931}\\InprocServer32\\(Default)',
    'HKCR\\AppID\\{0A29FF9E-7F9C-4437-8B11-F424491E3931}\\LaunchPermission',
    'HKLM\\SOFTWARE\\Microsoft\\Ole\\EnableDCOM',
    'HKU\\S-1-5-21-1\\Software\\Microsoft\\Office\\16.0\\Word\\Security\\AllowDDE',
    'HKLM\\System\\CurrentControlSet\\Services\\LanmanServer\\Parameters\\NullSessionPipes',
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\LocalAccountTokenFilterPolicy',
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\x',
  ])
    assert.equal(read(registrySet, registry(key))?.length, 1, key)
  for (const key of [
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\x',
    'HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1\\x',
    'HKU\\S-1-5-21-1\\Software\\Classes\\.txt\\OpenWithProgids',
  ])
    assert.deepEqual(read(registrySet, registry(key)), [], key)
})

test('4657 tells the same in Sysmon’s spelling', () => {
  assert.deepEqual(
    readOne(
      registrySet,
      security(4657, {
        SubjectUserName: 'anna',
        ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft\\Ole',
        ObjectValueName: 'EnableDCOM',
        OperationType: '%%1905',
        NewValue: 'Y',
        ProcessId: '0x10',
        ProcessName: 'C:\\reg.exe',
      }),
    ),
    {
      kind: 'effect',
      what: 'registry-set',
      actor: { pid: 16, image: 'C:\\reg.exe' },
      account: { name: 'anna' },
      name: 'HKLM\\SOFTWARE\\Microsoft\\Ole\\EnableDCOM',
      detail: { Details: 'Y', EventType: 'SetValue' },
    },
  )
})

test('files are told when they can run or carry DDE', () => {
  assert.equal(read(fileCreated, sysmon(11, { TargetFilename: 'C:\\Users\\anna\\x.HTA', Image: 'a' }))?.length, 1)
  assert.deepEqual(read(fileCreated, sysmon(11, { TargetFilename: 'C:\\Users\\anna\\x.log', Image: 'a' })), [])
})

test('script blocks are told when they speak of channels or launch; the part around the word is kept', () => {
  const fact = readOne(
    scriptBlock,
    powershell(4104, {
      MessageNumber: 2,
      MessageTotal: 3,
      ScriptBlockText: `${'#'.repeat(9000)}New-Object System.IO.Pipes.NamedPipeClientStream('a')`,
      ScriptBlockId: 'id-1',
      Path: '',
      Execution_ProcessID: 5904,
    }),
  )
  assert.ok('detail' in fact && fact.detail)
  assert.equal('name' in fact && fact.name, 'id-1')
  assert.equal(fact.detail.part, '2 of 3')
  assert.match(fact.detail.text, /NamedPipeClientStream\('a'\)$/)
  assert.ok(fact.detail.text.length <= 4096)
  assert.match(fact.detail.note, /^cut: 4096 of 90\d\d characters$/)
  assert.deepEqual(
    read(scriptBlock, powershell(4104, { ScriptBlockText: 'Get-ChildItem C:\\', ScriptBlockId: 'i' })),
    [],
  )
})

test('module logging repeats every pipeline: launchers in it are left to the script block', () => {
  const context = '        Host Application = powershell.exe -nop\r\n        User = OFFICE\\anna\r\n'
  assert.deepEqual(read(scriptBlock, powershell(4103, { ContextInfo: context, Payload: 'Invoke-Expression x' })), [])
  const fact = readOne(
    scriptBlock,
    powershell(4103, {
      ContextInfo: context,
      Payload: 'ParameterBinding(New-Object): name="ComObject"; value="Shell.Application"',
    }),
  )
  assert.deepEqual('actor' in fact && fact.actor, { commandLine: 'powershell.exe -nop' })
  assert.deepEqual('account' in fact && fact.account, { name: 'anna', domain: 'OFFICE' })
})

test('pipeline events (800) keep their strings in a list', () => {
  const fact = readOne(scriptBlock, {
    channel: 'Windows PowerShell',
    provider: 'PowerShell',
    eventId: 800,
    fields: {
      Data: [
        '$x = New-Object -ComObject WScript.Shell',
        '\tUserId=OFFICE\\anna\r\n\tHostApplication=powershell.exe -sta\r\n',
        '',
      ],
    },
  })
  assert.deepEqual('account' in fact && fact.account, { name: 'anna', domain: 'OFFICE' })
  assert.deepEqual('actor' in fact && fact.actor, { commandLine: 'powershell.exe -sta' })
})

test('WMI: failed calls are told when they act or come from another machine', () => {
  const call = (Operation: string, ClientMachine: string): SampleEvent => ({
    channel: 'Microsoft-Windows-WMI-Activity/Operational',
    provider: 'Microsoft-Windows-WMI-Activity',
    eventId: 5858,
    fields: { Operation, ClientMachine, ClientProcessId: '4100', User: 'OFFICE\\anna', ResultCode: '0x80041032' },
  })
  assert.deepEqual(read(wmiActivity, call('Start IWbemServices::ExecQuery - x', 'WS1')), [])
  assert.equal(read(wmiActivity, call('Start IWbemServices::ExecQuery - x', 'WS5'))?.length, 1)
  const fact = readOne(
    wmiActivity,
    call('Start IWbemServices::ExecMethod - root\\cimv2 : Win32_Process::Create', 'WS1'),
  )
  assert.deepEqual('actor' in fact && fact.actor, { pid: 4100 })
  assert.deepEqual('account' in fact && fact.account, { name: 'anna', domain: 'OFFICE' })
})

test('WMI: what a collector left only in the message is read from there', () => {
  const message =
    'Id = {00}; ClientMachine = WS5; User = OFFICE\\anna; ClientProcessId = 12; Operation = Start IWbemServices::ExecQuery - a; ResultCode = 0x1'
  assert.equal(messageValue(message, messagePattern('ClientMachine')), 'WS5')
  assert.equal(messageValue(message, messagePattern('Missing')), undefined)
})

test('WMI: subscriptions that Sysmon sees', () => {
  const fact = readOne(
    wmiActivity,
    sysmon(20, {
      EventType: 'WmiConsumerEvent',
      Operation: 'Created',
      User: 'OFFICE\\anna',
      Name: ' "C1"',
      Type: 'Command Line',
      Destination: ' "cmd"',
    }),
  )
  assert.equal('name' in fact && fact.name, 'C1')
})

test('libraries: script components, WMI clients outside system folders, unsigned ones from user folders', () => {
  const load = (Image: string, ImageLoaded: string, Signed = 'true') =>
    read(imageLoaded, sysmon(7, { Image, ImageLoaded, Signed }))?.length
  assert.equal(load('C:\\Windows\\System32\\regsvr32.exe', 'C:\\Windows\\System32\\scrobj.dll'), 1)
  assert.equal(load('C:\\Users\\anna\\t.exe', 'C:\\Windows\\System32\\wbem\\wbemprox.dll'), 1)
  assert.equal(load('C:\\Windows\\System32\\svchost.exe', 'C:\\Windows\\System32\\wbem\\wbemprox.dll'), 0)
  assert.equal(load('C:\\Windows\\explorer.exe', 'C:\\ProgramData\\demo.dll', 'false'), 1)
  assert.equal(load('C:\\Windows\\explorer.exe', 'C:\\ProgramData\\demo.dll', 'true'), 0)
})

test('process access: only lsass, only with the right to read memory', () => {
  const access = (TargetImage: string, GrantedAccess: string) =>
    read(processAccessed, sysmon(10, { SourceImage: 'C:\\t.exe', SourceProcessId: 7, TargetImage, GrantedAccess }))
      ?.length
  assert.equal(access('C:\\Windows\\system32\\lsass.exe', '0x1010'), 1)
  assert.equal(access('C:\\Windows\\system32\\lsass.exe', '0x1000'), 0)
  assert.equal(access('C:\\Windows\\system32\\svchost.exe', '0x1fffff'), 0)
})

test('remote threads name their target', () => {
  const fact = readOne(
    remoteThread,
    sysmon(8, {
      SourceProcessId: 7,
      SourceImage: 'C:\\t.exe',
      TargetImage: 'C:\\Windows\\explorer.exe',
      TargetProcessId: 9,
    }),
  )
  assert.deepEqual(fact, {
    kind: 'effect',
    what: 'remote-thread',
    actor: { pid: 7, image: 'C:\\t.exe' },
    name: 'C:\\Windows\\explorer.exe',
    detail: { TargetImage: 'C:\\Windows\\explorer.exe', TargetProcessId: '9' },
  })
})

test('directory access: only replication rights', () => {
  const asked = (Properties: string) => read(directoryAccess, security(4662, { SubjectUserName: 'anna', Properties }))
  const [fact] = asked('%%7688\r\n\t\t{1131F6AD-9c07-11d1-f79f-00c04fc2dcd2}\r\n')!
  assert.equal(fact.kind === 'effect' && fact.name, 'DS-Replication-Get-Changes-All')
  assert.deepEqual(asked('%%7685\r\n\t\t{771727b1-31b8-4cdf-ae62-4fe39fadf89e}'), [])
})

test('cleared logs', () => {
  const cleared = (eventId: number, channel: string): SampleEvent => ({
    channel,
    provider: 'Microsoft-Windows-Eventlog',
    eventId,
    fields: { SubjectUserName: 'anna' },
  })
  const fact = readOne(logCleared, cleared(1102, 'Security'))
  assert.deepEqual(fact, {
    kind: 'effect',
    what: 'log-cleared',
    account: { name: 'anna' },
    name: 'Security',
    detail: {},
  })
  assert.equal(read(logCleared, cleared(104, 'System'))?.length, 1)
  assert.equal(read(logCleared, cleared(105, 'System')), undefined)
})

test('5145 tells the files of administrative shares, and of no others', () => {
  const opened = (ShareName: string, RelativeTargetName: string) =>
    security(5145, {
      SubjectUserName: 'anna',
      SubjectLogonId: '0x5',
      ShareName,
      RelativeTargetName,
      IpAddress: '::ffff:10.0.0.5',
      AccessMask: '0x1',
    })
  assert.deepEqual(readOne(shareFile, opened('\\\\*\\ADMIN$', 'SYSTEM32\\a.tmp')), {
    kind: 'effect',
    what: 'share-file',
    account: { name: 'anna', logonId: '0x5' },
    name: 'ADMIN$\\SYSTEM32\\a.tmp',
    detail: { IpAddress: '10.0.0.5', AccessMask: '0x1' },
  })
  assert.equal(read(shareFile, opened('\\\\*\\C$', 'Users\\x'))?.length, 1)
  for (const [share, target] of [
    ['\\\\*\\IPC$', 'svcctl'],
    ['\\\\*\\Projects', 'plan.docx'],
    ['\\\\*\\C$', '\\'],
  ])
    assert.deepEqual(read(shareFile, opened(share, target)), [], share)
})

test('Zeek’s smb_files tell them too, with who asked and the size that there was', () => {
  const opened = (path: string): SampleEvent => ({
    channel: 'zeek smb_files',
    eventId: 'smb_files',
    provider: 'Zeek',
    logSources: [{ product: 'zeek', service: 'smb_files' }],
    fields: {
      'id.orig_h': '10.0.0.5',
      action: 'SMB::FILE_OPEN',
      path,
      name: 'Windows\\a.dll',
      size: 0,
      username: 'ann',
    },
  })
  assert.deepEqual(readOne(shareFile, opened('\\\\WS6\\C$')), {
    kind: 'effect',
    what: 'share-file',
    account: { name: 'ann' },
    name: 'C$\\Windows\\a.dll',
    detail: { IpAddress: '10.0.0.5', action: 'SMB::FILE_OPEN', size: '0' },
  })
  assert.deepEqual(read(shareFile, opened('\\\\WS6\\Projects')), [])
})

test('4662 tells of the domain’s backup key among the secrets of LSA, and of no other object', () => {
  const asked = (ObjectName: string) =>
    read(directoryAccess, security(4662, { SubjectUserName: 'anna', ObjectServer: 'LSA', ObjectName, Properties: '-' }))
  assert.deepEqual(
    asked('Policy\\Secrets\\G$BCKUPKEY_PREFERRED')?.map((fact) => fact.kind === 'effect' && fact.name),
    ['G$BCKUPKEY_PREFERRED'],
  )
  assert.deepEqual(asked('Policy\\Secrets\\_SC_Updater'), [])
  assert.deepEqual(asked('%{c6faf700-bfe4-452a-a766-424f84c29583}'), [])
})
