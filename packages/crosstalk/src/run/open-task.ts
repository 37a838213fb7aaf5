// A task's inputs: the file itself, or the entries of an archive, each with the source that reads it.

import { hostOfFile, hostOfName, withHost } from '../sources/collection-host.ts'
import type { ContainerLimits } from '../sources/containers/limits.ts'
import { readHead } from '../sources/containers/read-bytes.ts'
import { fileKind } from '../sources/file-kinds.ts'
import { HEAD_BYTES, recognise, sourceOfFormat } from '../sources/index.ts'
import { detectionsOf } from '../sources/not-telemetry.ts'
import type { ByteRange, Input, Source } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import { fileInput } from './file-input.ts'
import { shownName } from './file-path.ts'
import type { Task } from './stage.ts'

/** A problem is listed beside its file's name. */
export const withoutName = (message: string, name: string) =>
  message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message

export interface OpenedInput {
  input: Input
  source: Source
  range?: ByteRange
}

/** Whatever else is said begins so of files that no source reads. */
export const NO_TELEMETRY = 'no telemetry'
export const EMPTY_FILE = 'the file is empty'

/** Why a file that no source knows is not read, by its first bytes. */
export function unknownProblem(head: Uint8Array): string {
  const tool = detectionsOf(head)
  if (tool !== undefined) return `${NO_TELEMETRY}: ${tool}'s detections`
  const kind = fileKind(head)
  return `${NO_TELEMETRY} format that crosstalk knows${kind === undefined ? '' : `: ${kind}`}`
}

/** Inputs that can't be read or are of no known format go to `onProblem`. */
export async function* openTask(
  task: Task,
  limits: Partial<ContainerLimits> | undefined,
  onProblem: (account: FileAccount) => void,
): AsyncGenerator<OpenedInput> {
  const file = fileInput(task.name, task.path, task.size)
  const problem = (name: string, text: string, bytes: number) =>
    onProblem({ file: name, bytes, events: 0, skipped: [], problem: text })
  if (task.format !== undefined) {
    const source = sourceOfFormat(task.format)!
    const missing = source.missing?.()
    if (missing === undefined)
      yield { input: file, source: withHost(source, hostOfFile(shownName(task.path))), range: task.range }
    else problem(task.name, missing, task.size)
    return
  }
  const { expand } = await import('../sources/containers/expand.ts')
  const entries = expand(file, {
    limits,
    part: task.part,
    onProblem: ({ name, problem: text, bytes }) => problem(name, text, bytes ?? 0),
  })
  for await (const input of entries) {
    const { head, error } = await readHead(input, HEAD_BYTES)
    const source = recognise(head, input.name)
    if (!source && error) problem(input.name, withoutName(error.message, input.name), head.length)
    else if (!source) problem(input.name, head.length ? unknownProblem(head) : EMPTY_FILE, input.size ?? head.length)
    const missing = source?.missing?.()
    if (missing !== undefined) problem(input.name, missing, input.size ?? 0)
    else if (source)
      yield { input, source: withHost(source, hostOfName(input.name) || hostOfFile(shownName(task.path))) }
  }
}
