/**
 * The public keys that verify our webhooks, under both paths that issuers' code has built in. Issuers' samples
 * attach a token of theirs for the place they used to ask; nothing here reads or logs it.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { publicKeyListing } from '../../respond/revoke/keys.ts'
import type { ApiApp } from '../app.ts'
import { publicKeysSchema } from '../contract/upkeep.ts'
import type { ApiDeps } from '../deps.ts'

const paths = ['/meta/public_keys/secret_scanning', '/meta/public_keys/token_scanning']

export function addPublicKeyRoutes(app: ApiApp, deps: Pick<ApiDeps, 'db' | 'keys'>): void {
  for (const url of paths) {
    app.get(
      url,
      {
        config: { scope: 'public' },
        schema: {
          summary: 'The public keys that verify revoke webhooks',
          tags: ['meta'],
          response: { 200: publicKeysSchema, 304: z.undefined().describe('Not modified') },
        },
      },
      async (request, reply) => {
        const keys = await publicKeyListing(deps.db, deps.keys)
        const tag = `"${createHash('sha256').update(JSON.stringify(keys)).digest('hex').slice(0, 32)}"`
        reply.header('etag', tag).header('cache-control', 'public, max-age=300')
        if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send()
        return keys
      },
    )
  }
}

/** `If-None-Match` compares weakly (RFC 9110 section 13.1.2). */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
}
