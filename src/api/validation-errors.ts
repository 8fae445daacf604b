/**
 * The `errors` member of a validation problem: one entry for each thing wrong, with a JSON pointer (RFC 6901)
 * into the part of the request it is about. Values are never repeated, names only.
 */
import type { FastifySchemaValidationError } from 'fastify'
import type { Problem } from './contract/problem.ts'

interface ValidationFailure {
  validation?: readonly FastifySchemaValidationError[] | undefined
  validationContext?: string | undefined
}

const parts: Readonly<Record<string, 'body' | 'query' | 'path' | 'header'>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** At most 50 entries: more help nobody. */
export function validationErrors(failure: ValidationFailure): NonNullable<Problem['errors']> {
  const part = parts[failure.validationContext ?? 'body'] ?? 'body'
  return (failure.validation ?? []).flatMap((issue) => entries(issue, part)).slice(0, 50)
}

function entries(
  issue: FastifySchemaValidationError,
  part: 'body' | 'query' | 'path' | 'header',
): NonNullable<Problem['errors']> {
  const pointer = issue.instancePath === '/' ? '' : issue.instancePath
  const unknown = issue.keyword === 'unrecognized_keys' ? issue.params['keys'] : undefined
  if (Array.isArray(unknown)) {
    return unknown.map((key) => ({
      in: part,
      pointer: `${pointer}/${String(key).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'unknown_member',
      message: 'there is no such member',
    }))
  }
  return [{ in: part, pointer, code: issue.keyword, message: issue.message ?? 'is not valid' }]
}
