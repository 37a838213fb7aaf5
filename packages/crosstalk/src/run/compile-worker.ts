// Where the thread starts that compiles rules: what thousands of rule files take in memory goes when it ends.
import module from 'node:module'

module.enableCompileCache?.()
await import('./compile-work.ts')
