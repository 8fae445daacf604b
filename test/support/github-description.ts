/**
 * Checks answers against an extract of GitHub's OpenAPI description (3.0.3), which is not part of the repository:
 * it is read from `../shared/data` beside it, as CI has it, and where it is missing nothing is checked.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'

const location = fileURLToPath(new URL('../../../shared/data/github-openapi-extract.json', import.meta.url))

export interface Description {
  /** Why the answer is not of the described form; empty where it is. Raw bodies have no form. */
  problemsOf(answer: { route: string; status: number; body: unknown }): string[]
}

interface OpenApi {
  paths: Record<string, { get?: { responses: Record<string, Json> } }>
  components: { responses: Record<string, Json>; schemas: Record<string, Json> }
}
type Json = { [name: string]: unknown }

/** Null where the extract is not there. */
export function loadDescription(): Description | null {
  if (!existsSync(location)) return null
  const document = toJsonSchema(JSON.parse(readFileSync(location, 'utf8'))) as OpenApi
  // Formats would need a package of their own; addresses and dates are compared by the tests that use them.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false })
  ajv.addSchema({ $id: 'github', components: document.components })
  const compiled = new Map<string, ValidateFunction>()
  return {
    problemsOf({ route, status, body }) {
      if (Buffer.isBuffer(body)) return []
      const key = `${status} ${route}`
      let validate = compiled.get(key)
      if (validate === undefined) {
        validate = ajv.compile(schemaOf(document, route, status))
        compiled.set(key, validate)
      }
      return validate(body) ? [] : [`${key}: ${ajv.errorsText(validate.errors)}`]
    },
  }
}

/** What is not described (a 401 of most routes, addresses that do not exist) has the form of every error. */
function schemaOf(document: OpenApi, route: string, status: number): Json {
  const basic = { $ref: 'github#/components/schemas/basic-error' }
  const described = document.paths[route]?.get?.responses[String(status)]
  if (described === undefined) {
    if (status < 400) throw new Error(`GitHub describes no answer ${status} of ${route}`)
    return basic
  }
  const reference = described.$ref
  const response =
    typeof reference === 'string'
      ? document.components.responses[reference.slice(reference.lastIndexOf('/') + 1)]
      : described
  const content = response?.content as Record<string, { schema: Json }> | undefined
  return content?.['application/json']?.schema ?? basic
}

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own; references are made absolute. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema)
  if (typeof value !== 'object' || value === null) return value
  const result: Json = {}
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'discriminator' || name === 'example' || name === 'examples') continue
    result[name] =
      name === '$ref' && typeof inner === 'string' && inner.startsWith('#/components/schemas/')
        ? `github${inner}`
        : toJsonSchema(inner)
  }
  if (result.nullable !== true) return result
  const { nullable: _nullable, ...schema } = result
  return { anyOf: [schema, { type: 'null' }] }
}
