// A Mac of the office, and how an act becomes a line of eslogger (JSON, as macOS 15 writes it: message version 9). Apple, Endpoint Security: ESMessage.h, ESTypes.h.
// Left out is what no reader needs: `stat` of files, `env` and `fds` of exec. `hostname` is what a shipper adds; eslogger writes none.

export interface Program {
  image: string
  signingId: string
  /** '' for what is signed by nobody, or by Apple */
  team?: string
  /** part of macOS */
  platform?: boolean
}

export interface MacProcess {
  readonly pid: number
  readonly version: number
  readonly program: Program
  readonly parent: MacProcess | undefined
  readonly uid: number
}

/** es_event_type_t, for the events that are played here */
const TYPES = {
  exec: 9,
  fork: 11,
  exit: 15,
  create: 13,
  get_task: 16,
  uipc_bind: 76,
  uipc_connect: 78,
  remote_thread_create: 97,
  xpc_connect: 145,
} as const
type EventName = keyof typeof TYPES

/** es_xpc_domain_type_t */
const DOMAINS = { system: 1, user: 2, gui: 8 } as const

const apple = (image: string, signingId: string): Program => ({ image, signingId, platform: true })
export const LAUNCHD = apple('/sbin/launchd', 'com.apple.xpc.launchd')

export class Mac {
  readonly name: string
  readonly #day: string
  readonly #lines: { time: number; json: string }[] = []
  #pid = 400
  #sequence = 0
  readonly launchd: MacProcess = { pid: 1, version: 2, program: LAUNCHD, parent: undefined, uid: 0 }

  constructor(name: string, day: string) {
    this.name = name
    this.#day = day
  }

  /** The parent forks, and the child runs the program. */
  run(at: string, program: Program, args: readonly string[], parent: MacProcess, uid = parent.uid): MacProcess {
    const pid = (this.#pid += 3)
    const copy: MacProcess = { pid, version: pid * 2, program: parent.program, parent, uid }
    const process: MacProcess = { ...copy, version: pid * 2 + 1, program }
    this.#add(at, 'fork', parent, { child: this.#process(copy) })
    this.#add(at, 'exec', copy, {
      target: this.#process(process),
      args,
      cwd: file(uid === 0 ? '/' : '/Users/okafor'),
      script: null,
      last_fd: 3,
      image_cputype: 16_777_228,
      image_cpusubtype: 0,
      dyld_exec_path: program.image,
    })
    return process
  }

  exit(at: string, process: MacProcess): void {
    this.#add(at, 'exit', process, { stat: 0 })
  }

  connectXpc(at: string, process: MacProcess, service: string, domain: keyof typeof DOMAINS = 'system'): void {
    this.#add(at, 'xpc_connect', process, { service_name: service, service_domain_type: DOMAINS[domain] })
  }

  /** task_for_pid: the port through which the target can be read, written and made to run code. */
  getTask(at: string, process: MacProcess, target: MacProcess): void {
    this.#add(at, 'get_task', process, { target: this.#process(target), type: 0 })
  }

  startThreadIn(at: string, process: MacProcess, target: MacProcess): void {
    this.#add(at, 'remote_thread_create', process, { target: this.#process(target), thread_state: null })
  }

  bindSocket(at: string, process: MacProcess, folder: string, name: string): void {
    this.#add(at, 'uipc_bind', process, { dir: file(folder), filename: name, mode: 0o777 })
  }

  connectSocket(at: string, process: MacProcess, path: string): void {
    this.#add(at, 'uipc_connect', process, { file: file(path), domain: 1, type: 1, protocol: 0 })
  }

  createFile(at: string, process: MacProcess, folder: string, name: string): void {
    const destination = { new_path: { dir: file(folder), filename: name, mode: 0o644 } }
    this.#add(at, 'create', process, { destination_type: 1, destination })
  }

  #add(at: string, name: EventName, process: MacProcess, event: object): void {
    const time = Date.parse(`${this.#day}T${at}Z`)
    const sequence = this.#sequence++
    const json = JSON.stringify({
      hostname: this.name,
      schema_version: 1,
      version: 9,
      time: `${new Date(time).toISOString().slice(0, -1)}${String((sequence * 7_919) % 1_000_000).padStart(6, '0')}Z`,
      mach_time: 100_000_000 + sequence * 24_000,
      event_type: TYPES[name],
      process: this.#process(process),
      thread: { thread_id: 9_000 + sequence },
      seq_num: sequence,
      global_seq_num: sequence,
      action_type: 1,
      action: { result: { result_type: 0, result: { auth: 0 } } },
      event: { [name]: event },
    })
    this.#lines.push({ time, json })
  }

  #process({ pid, version, program, parent, uid }: MacProcess): object {
    const up = parent ?? this.launchd
    return {
      audit_token: token(pid, version, uid),
      parent_audit_token: token(up.pid, up.version, up.uid),
      responsible_audit_token: token(pid, version, uid),
      ppid: up.pid,
      original_ppid: up.pid,
      group_id: pid,
      session_id: 1,
      codesigning_flags: program.platform ? 0x2600_4001 : program.team ? 0x2201_1305 : 2,
      is_platform_binary: program.platform ?? false,
      is_es_client: false,
      cdhash: cdhash(program.image),
      signing_id: program.signingId,
      team_id: program.team ?? null,
      executable: file(program.image),
      tty: null,
      start_time: `${this.#day}T07:00:00.000000Z`,
    }
  }

  /** eslogger's lines in order of time. */
  log(): string {
    const lines = [...this.#lines].sort((a, b) => a.time - b.time)
    return `${lines.map(({ json }) => json).join('\n')}\n`
  }
}

const file = (path: string) => ({ path, path_truncated: false })
const token = (pid: number, pidversion: number, uid: number) => ({
  pid,
  pidversion,
  euid: uid,
  ruid: uid,
  egid: uid === 0 ? 0 : 20,
  rgid: uid === 0 ? 0 : 20,
  auid: uid === 0 ? 4_294_967_295 : uid,
  asid: uid === 0 ? 100_000 : 100_013,
})

/** Twenty bytes that are the same for the same path. */
function cdhash(path: string): string {
  let state = 7
  let text = ''
  for (let i = 0; i < 40; i++) {
    state = (state * 31 + path.charCodeAt(i % path.length) + i) % 65_521
    text += (state % 16).toString(16).toUpperCase()
  }
  return text
}
