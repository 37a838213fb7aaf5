// The JSON schemas of the Sigma specification (or of a company's own rules), given at run time.
import { createRequire } from 'node:module'
import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Rule } from '../rule.ts'
import type { Subject } from './subject.ts'

/** Parsed JSON schemas (draft 2020-12 or 7). */
export interface Schemas {
  readonly rule?: object
  readonly correlation?: object
  readonly filter?: object
}

export type SchemaCheck = (subject: Subject) => void

const MAX_ERRORS = 20

/** Compiles the schemas. Throws TypeError when one is no schema. */
export function schemaCheck(schemas: Schemas): SchemaCheck {
  const validators = new Map<Rule['kind'], ValidateFunction>()
  for (const kind of ['rule', 'correlation', 'filter'] as const) {
    const schema = schemas[kind]
    if (schema) validators.set(kind, compile(schema, kind))
  }
  return (subject) => {
    const validate = validators.get(subject.rule.kind)
    if (!validate || validate(subject.raw)) return
    for (const error of outermost(validate.errors ?? []).slice(0, MAX_ERRORS)) {
      const path = pathOf(error)
      subject.report(
        'schema',
        path,
        `${path.length ? `${path.join('.')} ` : ''}${error.message ?? 'does not fit'}${detail(error)}`,
      )
    }
  }
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
}

function compile(schema: object, kind: string): ValidateFunction {
  // Loaded only when somebody checks against schemas.
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false })
  for (const [name, form] of Object.entries(FORMATS)) ajv.addFormat(name, form)
  try {
    // The name of the draft is not looked up: the package has it, whatever its spelling.
    const { $schema: _, ...rest } = schema as { $schema?: unknown }
    return ajv.compile(rest)
  } catch (error) {
    throw new TypeError(`the schema for ${kind}s can't be used: ${(error as Error).message}`)
  }
}

/** Of alternatives that all fail, only that they do; of a condition (if), what fails in it. */
function outermost(errors: readonly ErrorObject[]): ErrorObject[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  return errors.filter(
    (error) =>
      error.keyword !== 'if' &&
      !alternatives.some((one) => one !== error && error.schemaPath.startsWith(`${one.schemaPath}/`)),
  )
}

function pathOf({ instancePath, params, keyword }: ErrorObject): (string | number)[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
  const { additionalProperty } = params as { additionalProperty?: unknown }
  return keyword === 'additionalProperties' && typeof additionalProperty === 'string'
    ? [...path, additionalProperty]
    : path
}

function detail({ keyword, params }: ErrorObject): string {
  const { allowedValues } = params as { allowedValues?: unknown }
  return keyword === 'enum' && Array.isArray(allowedValues) ? ` (${allowedValues.map(String).join(', ')})` : ''
}
