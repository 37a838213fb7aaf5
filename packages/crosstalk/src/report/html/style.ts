// The style of every page: report.css, whose dark colours are for who chose them and for who prefers dark and did not choose light. CSS has no way to say
// that once: light-dark() is younger than browsers that must open a report.
import { readFileSync } from 'node:fs'

const DARK = /:root\[data-theme="dark"\] (\{[^}]*\})/

export const STYLE = readFileSync(new URL('report.css', import.meta.url), 'utf8').replace(
  DARK,
  '$&\n@media (prefers-color-scheme: dark) {\n:root:not([data-theme="light"]) $1\n}',
)
