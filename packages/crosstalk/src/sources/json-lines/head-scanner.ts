import { JsonScanner } from './scan.ts'

/** Looks at the first records of every input, for whoever asks what they are: most have layouts that inputs before had, which cost nothing any more. */
export const headScanner: JsonScanner = new JsonScanner()
