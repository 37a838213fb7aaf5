// Crosstalk's own rules: beside this code in a package, at the root in a checkout.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PLACES = ['../../content/t1559/rules', '../../../../content/t1559/rules']

/** The folder with the rules, as a list of one; empty when they were not shipped. */
export function ownRulesFolder(): string[] {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .filter((path) => existsSync(path))
    .slice(0, 1)
}
