/** The tokens of the API for whoever stands at the machine: opens the installation's database for one piece of work. */
import { mintToken } from '../api/auth/mint-token.ts'
import { type Scope, scopes } from '../api/auth/scopes.ts'
import { openHome } from '../base/home.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/config.ts'
import { listTokens, revokeToken, type TokenRow } from '../store/tokens.ts'
import { openConnection } from './connection.ts'

export type { Scope, TokenRow }
export { scopes }

export interface TokenDesk {
  /** The token itself; it is kept nowhere. */
  create(token: { name: string; scopes: readonly Scope[] }): Promise<string>
  list(): Promise<TokenRow[]>
  /** @throws AppError `not_found` where it is not there or was revoked before */
  revoke(id: string): Promise<void>
}

/** Who did it, for the audit log. */
const actor = 'cli'

/** @throws AppError `unavailable` or `config` where the database cannot be had */
export async function atTokenDesk<Result>(
  config: Config,
  log: Log,
  work: (desk: TokenDesk) => Promise<Result>,
): Promise<Result> {
  const home = await openHome(config.home)
  const connection = await openConnection(config, home.dir, log)
  const { db } = connection
  try {
    return await work({
      create: (token) => mintToken(db, token, actor),
      list: () => listTokens(db),
      revoke: (id) => revokeToken(db, id, actor),
    })
  } finally {
    await connection.close()
  }
}
