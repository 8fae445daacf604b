/** A folder for the Unix socket whose whole path fits the 107 bytes that the system allows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../model/errors.ts'
import { makeOwned } from './layout.ts'
import { isTraversable, type RunAs } from './run-as.ts'

/** The port only names the socket: nothing listens on TCP. */
export const socketPort = 5432
const longest = 107
const prefix = 'keyrecall-pg-'

function fits(dir: string): boolean {
  return Buffer.byteLength(join(dir, `.s.PGSQL.${socketPort}`)) <= longest
}

/** `wanted` where it is short enough, else a new folder under the system's one for temporary files, or /run. */
export async function makeSocketDir(wanted: string, runAs: RunAs): Promise<string> {
  if (fits(wanted)) {
    await makeOwned(wanted, runAs)
    return wanted
  }
  for (const parent of [tmpdir(), '/tmp', '/run']) {
    if (!fits(join(parent, `${prefix}XXXXXX`))) continue
    if (runAs.uid !== null && !(await isTraversable(parent, runAs.uid))) continue
    const dir = await mkdtemp(join(parent, prefix)).catch(() => null)
    if (dir === null) continue
    await makeOwned(dir, runAs)
    return dir
  }
  throw new AppError(
    'config',
    `no folder for PostgreSQL's socket has a path short enough; choose a shorter KEYRECALL_HOME`,
  )
}

/** Removes a folder that `makeSocketDir` made, once no server uses it. */
export async function removeSocketDir(dir: string, wanted: string): Promise<void> {
  const ours = dir === wanted || (basename(dir).startsWith(prefix) && dirname(dir) !== dir)
  if (ours) await rm(dir, { recursive: true, force: true })
}
