// For tests: Splunk's exports, made up: 40 events each.
const two = (at: number) => String(at).padStart(2, '0')
const numbers = Array.from({ length: 40 }, (_, at) => at)

const sysmonXml = (at: number) =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>17</EventID><TimeCreated SystemTime='2024-05-14T09:00:${two(at)}.123Z'/><EventRecordID>${at + 1}</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>PC1</Computer></System><EventData><Data Name='PipeName'>\\p${'ö'.repeat(at % 4)}</Data><Data Name='Image'>C:\\a.exe</Data></EventData></Event>`

export const classicText = (at: number) =>
  `05/14/2024 09:00:${two(at)}.250 AM
LogName=Microsoft-Windows-Sysmon/Operational
EventCode=1
EventType=4
ComputerName=PC1
Sid=S-1-5-18
SourceName=Microsoft-Windows-Sysmon
Type=Information
RecordNumber=${at + 1}
Keywords=None
TaskCategory=Process Create (rule: ProcessCreate)
OpCode=Info
Message=Process Create:
RuleName: -
UtcTime: 2024-05-14 09:00:${two(at)}.200
ProcessId: ${at}
Image: C:\\Windows\\System32\\cmd.exe
CommandLine: cmd  /c "echo ${'ä'.repeat(at % 5)}: x"
ParentImage: C:\\a.exe`

const result = (at: number) => ({
  _raw: at % 2 === 0 ? sysmonXml(at) : classicText(at),
  _time: `2024-05-14 09:00:${two(at)}.250 UTC`,
  host: 'PC1',
  source: 'WinEventLog:Microsoft-Windows-Sysmon/Operational',
  sourcetype: 'XmlWinEventLog',
})

export const splunkJsonSample = () =>
  numbers.map((at) => JSON.stringify({ preview: false, offset: at, result: result(at) })).join('\n')

export const splunkCsvSample = () => {
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`
  const rows = numbers.map((at) => Object.values(result(at)).map(cell).join(','))
  return [Object.keys(result(0)).map(cell).join(','), ...rows].join('\n')
}

export const windowsTextSample = () => numbers.map(classicText).join('\n\n')
