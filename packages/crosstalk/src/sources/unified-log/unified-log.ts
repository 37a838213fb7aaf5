// macOS's unified log: `log show --style ndjson` and `--style json`.
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const entry: RecordFlavour = {
  name: 'unified-log',
  needs: [
    ['eventMessage', 'formatString'],
    ['processImagePath', 'senderImagePath'],
    ['timestamp'],
    ['machTimestamp', 'traceID', 'bootUUID'],
  ],
  decisive: ['eventType'],
  classify: ([type]) => ({
    channel: 'unified log',
    eventId: type || 'logEvent',
    provider: 'unified log',
    logSources: [{ product: 'macos', service: 'unified_log' }],
    fields: { processImagePath: 'Image', processID: 'ProcessId', userID: 'UserId', eventMessage: 'Message' },
  }),
  time: ['timestamp'],
  host: ['hostname', 'host'],
  recordId: [],
}

export const unifiedLog = jsonSource('unified-log', 'macOS unified log', [entry])
