// The thread that compiles rules: hands on the compiled rules as JSON, UTF-8.
import { parentPort, workerData } from 'node:worker_threads'
import type { Level } from '../cases/case.ts'
import { compileAll } from './compile-rules.ts'

export interface CompileStart {
  paths: readonly string[]
  minLevel: Level | undefined
  /** files */
  pipelines: readonly string[]
}

const { paths, minLevel, pipelines } = workerData as CompileStart
const json = new TextEncoder().encode(JSON.stringify(compileAll(paths, minLevel, pipelines)))
parentPort?.postMessage(json, [json.buffer])
