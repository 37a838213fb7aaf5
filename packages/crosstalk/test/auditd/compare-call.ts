// Compares one assembled call with the records that ausearch printed of its event.
import { escaped } from './spelling.ts'

/** What of the call does not stand in the records; `theirs`: `\nTYPE name=value … ` for each. */
export function callDifferences(call: Readonly<Record<string, string>>, theirs: string): string[] {
  const differences: string[] = []
  const expect = (name: string, text: string): void => {
    if (!theirs.includes(text)) differences.push(name)
  }
  const own = (name: string, as: string): void => {
    if (call[name] !== undefined) expect(name, ` ${as}=${escaped(call[name])} `)
  }
  if (!/ syscall=(?:socketcall|ipc)[( ]/.test(theirs)) expect('Syscall', ` syscall=${call.Syscall} `)
  own('ProcessId', 'pid')
  own('ParentProcessId', 'ppid')
  own('Image', 'exe')
  own('CurrentDirectory', 'cwd')
  own('Success', 'success')
  own('Terminal', 'tty')
  own('TargetCommand', 'ocomm')
  if (call.DestinationIp !== undefined)
    expect('DestinationIp', `laddr=${call.DestinationIp} lport=${call.DestinationPort} `)
  if (call.SocketPath !== undefined) {
    // Of an abstract name ausearch has no more than what stands before a NUL, which is an @ with us; the words of enrichment it prints as they stand.
    const path = call.SocketPath.startsWith('@') ? call.SocketPath.split('@')[1] : call.SocketPath
    const relative = path.replace(`${call.CurrentDirectory ?? ''}/`, '')
    const written = [path, escaped(path), relative, escaped(relative)]
    if (!written.some((one) => theirs.includes(` path=${one}`))) differences.push('SocketPath')
  } else if (/saddr_fam=local path=[^ ]/.test(theirs) && call.Initiated === undefined) differences.push('SocketPath')
  if (call.Syscall.startsWith('execve') && theirs.includes('\nEXECVE ')) {
    const line = argumentsOf(theirs)
    // A piece of an argument may end inside a character, which we put together.
    const isCut = /\[\d+\]=/.test(theirs)
    const plain = (text: string): string => (isCut ? text.replace(/[^\0-\x7f]/g, '') : text)
    if (plain(line) !== plain(escaped(call.CommandLine ?? ''))) differences.push('CommandLine')
  }
  return differences
}

/** The arguments of all EXECVE records, a blank between two; pieces of one put together. */
function argumentsOf(theirs: string): string {
  const records = theirs.split('\n').filter((line) => line.startsWith('EXECVE '))
  const words: [number, number, string][] = []
  for (const record of records)
    for (const [, index, piece, value] of record.matchAll(
      / a(\d+)(?:\[(\d+)\])?=(.*?)(?= a\d+(?:_len|\[\d+\])?=| $)/gs,
    ))
      words.push([Number(index), Number(piece ?? 0), value])
  words.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return words.map(([, piece, value], at) => (piece > 0 || at === 0 ? value : ` ${value}`)).join('')
}
