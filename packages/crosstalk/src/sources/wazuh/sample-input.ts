// For tests: Wazuh's archives, made up: 40 events, Windows's and lines of a Linux host.
const two = (at: number) => String(at).padStart(2, '0')

const envelope = (at: number) => ({
  timestamp: `2024-05-14T09:00:${two(at)}.500+0000`,
  agent: { id: '002', name: 'PC1', ip: '10.0.0.5' },
  manager: { name: 'wazuh' },
  id: `1715677200.${at}`,
})

const windows = (at: number) => ({
  ...envelope(at),
  decoder: { name: 'windows_eventchannel' },
  location: 'EventChannel',
  data: {
    win: {
      system: {
        providerName: 'Microsoft-Windows-Sysmon',
        eventID: '17',
        systemTime: `2024-05-14T09:00:${two(at)}.1234567Z`,
        eventRecordID: String(at + 1),
        channel: 'Microsoft-Windows-Sysmon/Operational',
        computer: 'PC1',
      },
      // Doubled once more than JSON asks for, as the agent leaves it.
      eventdata: {
        pipeName: `\\\\pipe-${'ä'.repeat(at % 5)}`,
        image: 'C:\\\\Windows\\\\cmd.exe',
        processId: String(at),
      },
    },
  },
})

const line = (at: number) => ({
  ...envelope(at),
  predecoder: { hostname: 'box', program_name: 'sshd' },
  decoder: { name: 'sshd' },
  full_log: `May 14 09:00:${two(at)} box sshd[${at}]: Failed password for root`,
  location: '/var/log/auth.log',
})

export const wazuhSample = () =>
  Array.from({ length: 40 }, (_, at) => JSON.stringify(at % 2 === 0 ? windows(at) : line(at))).join('\n')
