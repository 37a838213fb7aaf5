export { type EventCase, eventsFileOf, parseEventCases, type TimedEvent } from './read.ts'
export { type CaseResult, type RuleTest, type TestOptions, type TestResult, testPaths } from './run.ts'
