// The thread that compiles rules: hands on the compiled rules as bytes.
import { parentPort, workerData } from 'node:worker_threads'
import type { Level } from '../cases/case.ts'
import { compileAll } from './compile-rules.ts'
import { storeRules } from './stored-rules.ts'

export interface CompileStart {
  paths: readonly string[]
  minLevel: Level | undefined
  /** files */
  pipelines: readonly string[]
  asWritten: readonly string[]
}

const { paths, minLevel, pipelines, asWritten } = workerData as CompileStart
const stored = storeRules(compileAll(paths, minLevel, pipelines, asWritten))
parentPort?.postMessage(stored, [stored.buffer])
