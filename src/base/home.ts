/**
 * The folder where keyrecall keeps what is its own on this machine: the local fingerprint key, the embedded
 * database, clones. Mode 0700, since clones hold what was scanned.
 */
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { AppError } from '../model/errors.ts'

export interface Home {
  /** Absolute path. */
  dir: string
  /** 32 random bytes, made at the first call and the same ever after, also for processes that race for it. */
  localKey(): Promise<Buffer>
}

/** Opens, and makes where missing, `dir`, else `$KEYRECALL_HOME`, else `~/.keyrecall`. */
export async function openHome(dir?: string): Promise<Home> {
  const path = resolve(dir ?? (process.env['KEYRECALL_HOME'] || join(homedir(), '.keyrecall')))
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const mode = (await stat(path)).mode & 0o7777
    // A folder like /tmp: closing it would lock everybody else out, and others could put a key into it.
    if ((mode & 0o1000) !== 0) throw new Error('shared')
    if ((mode & 0o777) !== 0o700) await chmod(path, 0o700)
  } catch (cause) {
    throw new AppError('config', `cannot use "${path}" as the home folder; set KEYRECALL_HOME to another`, {
      cause,
    })
  }
  return { dir: path, localKey: () => localKey(join(path, 'local.key')) }
}

async function localKey(path: string): Promise<Buffer> {
  const present = await readKey(path)
  if (present) return present
  const mine = `${path}.${randomBytes(8).toString('hex')}`
  try {
    const file = await open(mine, 'wx', 0o600)
    try {
      await file.writeFile(randomBytes(32))
      await file.sync()
    } finally {
      await file.close()
    }
    // A link fails where a rename would replace: the first of two racing processes wins, both read its key.
    await link(mine, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(mine, { force: true })
  }
  const key = await readKey(path)
  if (!key) throw new AppError('config', `the key file "${path}" vanished while it was being made`)
  return key
}

async function readKey(path: string): Promise<Buffer | null> {
  const key = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new AppError('config', `the key file "${path}" cannot be read`, { cause: error })
  })
  if (key && key.length !== 32) {
    throw new AppError('config', `the key file "${path}" does not hold 32 bytes; restore it or delete it`)
  }
  return key
}
