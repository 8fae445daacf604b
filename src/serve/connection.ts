/**
 * The database of this installation: the one of DATABASE_URL, else the embedded one of the home folder, which is
 * started or, where a service of the same home runs, shared with it. Comes back reachable and migrated.
 */
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/config.ts'
import { createPool, type Db, migrate, openDatabase, type PoolSettings } from '../store/database.ts'
import { startEmbedded } from '../store/embedded/embedded.ts'
import { reachDatabase } from '../store/reach.ts'

export interface Connection {
  db: Db
  /** For pools beside that of `db`. */
  settings: PoolSettings
  /** Ends the pool of `db`, then the embedded server if it is ours. */
  close(): Promise<void>
}

/**
 * @param home absolute path of the home folder
 * @throws AppError `unavailable` or `config`, naming the setting to look at
 */
export async function openConnection(
  config: Pick<Config, 'databaseUrl'>,
  home: string,
  log: Log,
): Promise<Connection> {
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbedded({ dataDir: join(home, 'postgres'), log })
      : { pool: { connectionString: config.databaseUrl }, stop: async () => {} }
  const db = openDatabase(createPool(embedded.pool, log))
  const close = async (): Promise<void> => {
    await db.destroy()
    await embedded.stop()
  }
  try {
    if (config.databaseUrl !== undefined) await reachDatabase(db, config.databaseUrl)
    await migrate(db)
  } catch (error) {
    await close()
    throw error
  }
  return { db, settings: embedded.pool, close }
}
