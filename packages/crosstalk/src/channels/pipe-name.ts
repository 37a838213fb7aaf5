// Names of Windows pipes and mailslots: as events write them, and as texts mention them.
import { literalHost, type Reference } from './free-text.ts'

/** `\svcctl`, `\Device\NamedPipe\svcctl`, `\\.\pipe\svcctl` and `svcctl` are all `svcctl`; case is kept. */
export const pipeName = (path: string) =>
  path.replace(/^(?:\\\\[^\\]+\\pipe\\|\\(?:\?\?|device)\\(?:namedpipe|pipe)\\|\\pipe\\|\\)/i, '')

/** Unnamed pipes get this name from Sysmon; some collectors escape it. */
export const isAnonymousPipe = (name: string) => /^\\?(?:<|&lt;)anonymous pipe(?:>|&gt;)$/i.test(name)

/** UNC paths into a namespace; backslashes may be doubled by a programming language. */
export function* uncNames(text: string, namespace: 'pipe' | 'mailslot'): Generator<Reference> {
  const pattern = new RegExp(
    String.raw`\\{2,4}([^\\/\s"'\x60<>|,;=(]{1,255})\\{1,2}${namespace}\\{1,2}([^\s"'\x60<>|,;)\]&]{1,256})`,
    'gi',
  )
  for (const match of text.matchAll(pattern)) {
    const name = match[2].replaceAll('\\\\', '\\').replace(/[.\\]+$/, '')
    if (name !== '') yield { name, host: literalHost(match[1]), at: match.index }
  }
}

/** RPC string bindings over SMB (C706, appendix I; `ncacn_np:host[\\pipe\\name]`). */
export function* stringBindings(text: string): Generator<Reference> {
  for (const match of text.matchAll(/ncacn_np:\\{0,4}([^[\s"']{0,255})\[\\{1,4}pipe\\{1,4}([^\]\s"',]{1,256})/gi))
    yield { name: match[2], host: literalHost(match[1]), at: match.index }
}

/** System.IO.Pipes as module logging writes New-Object (4103, 800): a parameter with the class, one with its arguments, joined by commas. */
export function* boundPipeStreams(text: string): Generator<Reference> {
  const pattern =
    /name="TypeName"; value="(?:System\.IO\.Pipes\.)?NamedPipe(Server|Client)Stream"[^"]{0,120}name="ArgumentList"; value="([^"\r\n]{1,400})"/gi
  for (const match of text.matchAll(pattern)) {
    const values = match[2].split(',').map((one) => one.trim())
    // NamedPipeClientStream(name) or (server, name, …); directions are words of an enumeration.
    const isRemote = match[1].toLowerCase() === 'client' && values.length > 1 && !/^(in|out|inout)$/i.test(values[1])
    const name = values[isRemote ? 1 : 0]
    if (name === '') continue
    yield {
      name: pipeName(name),
      host: isRemote ? literalHost(values[0]) : '',
      at: match.index,
      detail: { class: `NamedPipe${isRemote || match[1].toLowerCase() === 'client' ? 'Client' : 'Server'}Stream` },
    }
  }
}

/** System.IO.Pipes in scripts: the first string of the server's, the last of the client's arguments is the name. */
export function* pipeStreams(text: string): Generator<Reference> {
  const pattern =
    /NamedPipe(Server|Client)Stream\s{0,9}(?:\]::new\s{0,9})?\(?\s{0,9}((?:["'][^"'\r\n]{0,256}["']\s{0,9},?\s{0,9}){1,2})/gi
  for (const match of text.matchAll(pattern)) {
    const strings = [...match[2].matchAll(/["']([^"'\r\n]*)["']/g)].map((one) => one[1])
    const isClient = match[1].toLowerCase() === 'client'
    const name = (isClient ? strings.at(-1) : strings[0]) ?? ''
    if (name === '') continue
    yield {
      name: pipeName(name),
      host: isClient && strings.length > 1 ? literalHost(strings[0]) : '',
      at: match.index,
      detail: { class: `NamedPipe${isClient ? 'Client' : 'Server'}Stream` },
    }
  }
}
