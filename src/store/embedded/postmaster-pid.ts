/** `postmaster.pid`, which a running server keeps in its data folder (PostgreSQL: src/include/utils/pidfile.h). */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { birthOf, isPostmasterOf } from './processes.ts'

export interface Postmaster {
  pid: number
  /** Null until it is known. */
  socketDir: string | null
  port: number
  /** Accepts connections. */
  ready: boolean
}

/** The living server of this data folder; null when the file is absent, stale or half written. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 1 || lines[1] !== dataDir) return null
  // Never on the file's word alone: the number may belong to anything by now.
  if (!(await isPostmasterOf(pid, dataDir))) return null
  return {
    pid,
    port: Number(lines[3]),
    socketDir: lines[4]?.trim() || null,
    ready: lines[7]?.trim() === 'ready',
  }
}

/**
 * Removes a pid file whose number went to another process: PostgreSQL would take that for a server and not start.
 * One that names no process is left for PostgreSQL, which finds sessions of a dead server by it.
 */
export async function removeMisleadingPidFile(dataDir: string): Promise<void> {
  const path = join(dataDir, 'postmaster.pid')
  const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10)
  if (!(pid > 1) || (await birthOf(pid)) === null || (await isPostmasterOf(pid, dataDir))) return
  await rm(path, { force: true })
}
