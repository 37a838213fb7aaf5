// crosstalk rules convert: says what is not there yet, so that nobody looks for it.
import { RunError } from '../usage.ts'

export const help = `crosstalk rules convert

Rules are not translated into other query languages yet. pySigma and its backends do that: sigma convert -t <backend> <rules>.
`

export function run(): Promise<number> {
  return Promise.reject(
    new RunError(
      'rules are not translated into other query languages yet; pySigma does that: sigma convert -t <backend> <rules>',
    ),
  )
}
