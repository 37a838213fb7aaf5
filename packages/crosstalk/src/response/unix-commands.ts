// The commands of a containment plan for Linux and macOS: what is known of a host by the paths of its programs decides which.
import type { CaseProcess } from '../cases/case.ts'

export type Platform = 'windows' | 'linux' | 'macos'

/** By the paths of its programs; Windows where nothing is known. */
export function platformOf(processes: readonly CaseProcess[]): Platform {
  const paths = processes.map((one) => one.image).filter((image) => image.startsWith('/'))
  if (paths.length === 0) return 'windows'
  return paths.some((path) => /^\/(?:System|Applications|Library|Users|private)\//.test(path)) ? 'macos' : 'linux'
}

/** Single quotes for a shell: nothing inside is evaluated. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** For a comment: no line ends in it. */
const shown = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '?')

/** What only looks: processes, sockets, queues, shared memory, and files of the given processes. */
export function volatileState(platform: 'linux' | 'macos', pids: readonly CaseProcess[]): string[] {
  const files = pids.map(({ pid, image }) =>
    platform === 'linux'
      ? `ls -l /proc/${pid}/exe /proc/${pid}/cwd /proc/${pid}/fd  # ${shown(image)}`
      : `lsof -nP -p ${pid}; vmmap ${pid}  # ${shown(image)}`,
  )
  return platform === 'linux'
    ? [
        'ps -eo pid,ppid,user,lstart,args --forest',
        'ss -xanp; ss -tanp',
        'ipcs -a -p; ls -la /dev/shm /dev/mqueue /tmp',
        ...files,
      ]
    : ['ps -axo pid,ppid,user,lstart,command', 'lsof -nP -U; lsof -nP -i', 'launchctl print system', ...files]
}

/** Suspends and ends a process, if it still is the one that was seen. */
export function ending(platform: 'linux' | 'macos', { pid, image }: CaseProcess): string {
  const same =
    platform === 'linux'
      ? `[ "$(readlink /proc/${pid}/exe)" = ${quoted(image)} ]`
      : `[ "$(ps -p ${pid} -o comm=)" = ${quoted(image)} ]`
  return `${same} && kill -STOP ${pid}  # examine it, then: kill -KILL ${pid}`
}

export function locking(platform: 'linux' | 'macos', account: string): string {
  // eslogger and auditd without enrichment write ids.
  const name = /^\d+$/.test(account) ? `"$(id -un ${account})"` : quoted(account)
  return platform === 'linux'
    ? `passwd -l ${name}; loginctl terminate-user ${name}`
    : `dscl . -passwd /Users/${name}; launchctl bootout user/$(id -u ${name})`
}
