/**
 * Hears NOTIFY on a channel through a connection of its own, and makes a new one when it is lost. Notices may
 * be missed in between, so whoever listens also looks by the clock.
 */
import pg from 'pg'
import type { Log } from '../base/log.ts'
import type { PoolSettings } from './database.ts'

export interface Listener {
  close(): Promise<void>
}

const reconnectMilliseconds = 1_000

/** @param channel a plain identifier; it is part of the statement. */
export async function listen(
  settings: PoolSettings,
  channel: string,
  onNotice: () => void,
  log: Log,
): Promise<Listener> {
  const { searchPath: _searchPath, applicationName, max: _max, ...connection } = settings
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      ...connection,
      keepAlive: true,
      application_name: `${applicationName ?? 'keyrecall'} listen`,
    })
    next.on('notification', onNotice)
    next.on('error', (error) => lost(error))
    next.on('end', () => lost(null))
    client = next
    await next.connect()
    await next.query(`listen ${channel}`)
    onNotice()
  }
  const lost = (error: Error | null): void => {
    if (closed || !client) return
    client.removeAllListeners('end')
    client.end().catch(() => undefined)
    client = null
    log.warn({ err: error ?? undefined, channel }, 'notice connection lost')
    timer = setTimeout(
      () => void connect().catch((cause: unknown) => lost(cause as Error)),
      reconnectMilliseconds,
    )
  }

  await connect()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
