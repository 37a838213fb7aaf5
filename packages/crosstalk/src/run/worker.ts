// Where a thread starts. The compile cache must be on before anything is imported: without it a thread spends longer on loading code than on reading.
import module from 'node:module'

module.enableCompileCache?.()
await import('./work.ts')
