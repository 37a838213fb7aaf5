// Events as `crosstalk dump` writes them → flat, with the names that forwarders give: a form that other tools read too.

type Event = Record<string, unknown>

/** A record of an event log, flat, its header by the names of NXLog; a line that is none stays as it is. */
export function flatWindowsEvent(line: Event): Event {
  const record = (line.event as { Event?: { System?: Event; EventData?: Event; UserData?: Event } } | undefined)?.Event
  const system = record?.System
  if (!record || !system) return line
  const attribute = (name: string, of: string) =>
    (system[name] as { '#attributes'?: Event } | undefined)?.['#attributes']?.[of]
  const data = record.EventData ?? Object.values(record.UserData ?? {})[0] ?? {}
  const named = Object.entries(data)
    .filter(([name, value]) => name !== '#attributes' && value !== null)
    .map(([name, value]) => [name, textOf(value)])
  return {
    product: 'windows',
    Channel: system.Channel,
    EventID: textOf(system.EventID),
    SourceName: attribute('Provider', 'Name'),
    Hostname: system.Computer,
    '@timestamp': attribute('TimeCreated', 'SystemTime'),
    Level: system.Level,
    ...Object.fromEntries(named),
  }
}

/** An element with attributes is an object of both. */
function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '#text' in value ? value['#text'] : value
}
