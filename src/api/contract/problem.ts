/**
 * Errors as RFC 9457 answers them. `type` is a URN that scripts may switch on; `instance` names the occurrence
 * by the request id, never by the path, so that nothing of the request is echoed or logged with it.
 */
import { z } from 'zod'

export const problemTypePrefix = 'urn:keyrecall:problem:'

const problemSchema = z
  .object({
    type: z.string().describe(`${problemTypePrefix}<slug>`),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('urn:uuid: and the request id, which the log has too'),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().describe('JSON pointer into that part; empty for the whole'),
          code: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' })

export type Problem = z.infer<typeof problemSchema>

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'A valid token is required',
  403: 'The token may not do this',
  404: 'There is no such thing',
  405: 'The method is not offered here',
  409: 'The state does not allow this',
  408: 'The request took too long',
  413: 'The body is too large',
  415: 'The media type is not understood',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'Something failed',
  502: 'The other side failed',
  503: 'The service is not available now',
  504: 'The other side took too long',
}

/** The fixed title of a status. */
export function problemTitle(status: number): string {
  return titles[status] ?? (status < 500 ? 'The request was refused' : 'Something failed')
}

export interface DocumentedProblem {
  description: string
  content: { 'application/problem+json': { schema: typeof problemSchema } }
}

/** Response schemas for these statuses, for the OpenAPI document. */
export function problems(...statuses: number[]): Record<number, DocumentedProblem> {
  const documented: Record<number, DocumentedProblem> = {}
  for (const status of statuses) {
    documented[status] = {
      description: problemTitle(status),
      content: { 'application/problem+json': { schema: problemSchema } },
    }
  }
  return documented
}
