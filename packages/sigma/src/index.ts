export * from './event.ts'
export * from './log-source.ts'
export * from './rule.ts'
