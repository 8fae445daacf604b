/** Making the data folder: once, whole or not at all, with a password that only its file and the server know. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../model/errors.ts'
import type { PostgresBinaries } from './binaries.ts'
import { type Layout, makeOwned } from './layout.ts'
import type { RunAs } from './run-as.ts'

export const databaseUser = 'app'

export interface ClusterOptions {
  binaries: PostgresBinaries
  layout: Layout
  runAs: RunAs
  /** Waits for the disk; default true. Tests need not. */
  sync?: boolean
}

/** Makes the cluster where there is none. Gives its password; `AppError` (config) when it is not one we can use. */
export async function prepareCluster(options: ClusterOptions): Promise<string> {
  const { layout } = options
  const version = await readFile(join(layout.data, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version === null) {
    await refuseForeign(layout.data)
    await makeCluster(options)
  } else if (Number.parseInt(version, 10) !== options.binaries.major) {
    throw new AppError(
      'config',
      `the database in "${layout.data}" is of PostgreSQL ${version.trim()}, this keyrecall brings ${options.binaries.major}; ` +
        'go back to the keyrecall that made it, or move the folder away to begin with an empty database',
    )
  }
  return readPassword(layout)
}

export async function readPassword({ passwordFile, data }: Layout): Promise<string> {
  const password = (await readFile(passwordFile, 'utf8').catch(() => '')).trim()
  if (password !== '') return password
  // Run by root the data is not in the home, so deleting the home leaves it.
  throw new AppError(
    'config',
    `the password file "${passwordFile}" of the database in "${data}" is missing; ` +
      'restore it from a backup, or move that folder away to begin with an empty database',
  )
}

async function refuseForeign(data: string): Promise<void> {
  const present = await stat(data).catch(() => null)
  if (present) {
    throw new AppError(
      'config',
      `"${data}" is there but holds no database; move it away or choose another folder`,
    )
  }
}

/** `initdb` works beside the final folder, which a crash in the middle therefore leaves absent. */
async function makeCluster(options: ClusterOptions): Promise<void> {
  const { layout, runAs } = options
  const fresh = `${layout.data}.new`
  const initialPassword = `${fresh}.password`
  await rm(fresh, { recursive: true, force: true })
  await rm(initialPassword, { force: true })
  const password = await writePassword(layout.passwordFile)
  try {
    await makeOwned(fresh, runAs)
    await writeFile(initialPassword, password, { mode: 0o600, flag: 'wx' })
    if (runAs.uid !== null && runAs.gid !== null) await chown(initialPassword, runAs.uid, runAs.gid)
    await initdb(options, fresh, initialPassword)
    await rename(fresh, layout.data)
  } finally {
    await rm(initialPassword, { force: true })
    await rm(fresh, { recursive: true, force: true })
  }
}

async function writePassword(path: string): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(password)
    await file.sync()
  } finally {
    await file.close()
  }
  return password
}

function initdb(
  { binaries, runAs, sync }: ClusterOptions,
  data: string,
  passwordFile: string,
): Promise<void> {
  const args = [
    '-D',
    data,
    '-U',
    databaseUser,
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--auth-local=scram-sha-256',
    '--auth-host=scram-sha-256',
    // The built-in collation never changes under the indexes, as that of a system library does.
    ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    ...(sync === false ? ['--no-sync'] : []),
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries.bin, 'initdb'), args, {
      ...identity(runAs),
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000)
    })
    const failed = (cause: unknown) =>
      reject(new AppError('unavailable', `PostgreSQL could not make a database in "${data}"`, { cause }))
    child.once('error', failed)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else failed(new Error(output))
    })
  })
}

/** Nothing of our own environment: it holds keys. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

export function identity(runAs: RunAs): { uid?: number; gid?: number } {
  return runAs.uid !== null && runAs.gid !== null ? { uid: runAs.uid, gid: runAs.gid } : {}
}
