/** Makes bearer tokens. The text is given back once and kept nowhere; the table holds its hash. */

import type { Db } from '../../store/database.ts'
import { createFirstToken, createToken } from '../../store/tokens.ts'
import type { Scope } from './scopes.ts'
import { hashToken, newToken } from './token.ts'

/** @param actor who makes it, for the audit log */
export async function mintToken(
  db: Db,
  token: { name: string; scopes: readonly Scope[] },
  actor = 'service',
): Promise<string> {
  const text = newToken()
  await createToken(db, { ...token, tokenHash: hashToken(text) }, actor)
  return text
}

/** An admin token for whoever starts the service first; null when there is any token already, live or revoked. */
export async function ensureFirstToken(db: Db): Promise<string | null> {
  const text = newToken()
  const first = { name: 'first admin token', scopes: ['admin'] as const, tokenHash: hashToken(text) }
  return (await createFirstToken(db, first, 'service')) === null ? null : text
}
