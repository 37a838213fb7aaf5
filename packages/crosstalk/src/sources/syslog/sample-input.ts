// For tests: what Linux hosts write, made up: 40 events each.
const numbers = Array.from({ length: 40 }, (_, at) => at)
const two = (at: number) => String(at).padStart(2, '0')

export const auditdSample = () =>
  numbers
    .map((at) =>
      at % 2 === 0
        ? `type=SYSCALL msg=audit(17156772${two(at)}.123:${at}): arch=c000003e syscall=87 success=yes exit=0 a0=7ff a1=0 a2=0 a3=0 items=2 ppid=1 pid=${at} uid=0 comm="rm" exe="/bin/rm" key=(null)\u001dARCH=x86_64 SYSCALL=unlink UID="root"`
        : `type=PATH msg=audit(17156772${two(at - 1)}.123:${at - 1}): item=0 name=${Buffer.from('/tmp/ä b').toString('hex').toUpperCase()} inode=${at} nametype=DELETE`,
    )
    .join('\n')

const sysmonXml = (at: number) =>
  `<Event><System><Provider Name="Linux-Sysmon" Guid="{ff032593-a8d3-4f13-b0d6-01fc615a0f97}"/><EventID>1</EventID><TimeCreated SystemTime="2024-05-14T09:00:${two(at)}.000000000Z"/><EventRecordID>${at + 1}</EventRecordID><Channel>Linux-Sysmon/Operational</Channel><Computer>box</Computer></System><EventData><Data Name="ProcessId">${100 + at}</Data><Data Name="Image">/bin/bash</Data><Data Name="CommandLine">bash -c &quot;${'x'.repeat((at * 7) % 50)}&quot;</Data></EventData></Event>`

export const sysmonLinuxSample = () =>
  numbers.map((at) => `2024-05-14T09:00:${two(at)}.5+02:00 box sysmon: ${sysmonXml(at)}`).join('\n')

export const syslogSample = () =>
  numbers
    .map(
      (at) =>
        `2024-05-14T09:00:${two(at)}.123456+02:00 box sshd[${at}]: Failed password for ${'ä'.repeat(at % 5)} from 10.0.0.${at}`,
    )
    .join('\n')

export const syslogJsonSample = () =>
  numbers
    .map((at) =>
      JSON.stringify({
        TimeGenerated: `2024-05-14T09:00:${two(at)}Z`,
        Computer: 'box',
        ProcessName: 'sysmon',
        SyslogMessage: sysmonXml(at),
      }),
    )
    .join('\n')

export const journaldSample = () =>
  numbers
    .map((at) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: `17156772${two(at)}123456`,
        _HOSTNAME: 'box',
        SYSLOG_IDENTIFIER: 'cron',
        PRIORITY: '6',
        MESSAGE: at % 7 === 0 ? [104, 105] : `job ${at}`,
      }),
    )
    .join('\n')
