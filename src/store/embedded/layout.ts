/**
 * Where the files of an embedded server are. Normally all beside the data folder that was asked for. Run by root the
 * server is `nobody` and cannot reach a home of mode 0700; data and socket then go to /var/lib/keyrecall, under a
 * name that follows from the folder asked for, and a link is left there.
 */
import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, realpath, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../../model/errors.ts'
import { isTraversable, type RunAs } from './run-as.ts'

export interface Layout {
  /** PostgreSQL's own folder. */
  data: string
  /** Of user `app`; 0600, ours alone. */
  passwordFile: string
  /** Names the process that looks after the server. */
  ownerFile: string
  logFile: string
  /** First choice for the socket's folder. */
  socketDir: string
  /** Where copies of programs go. */
  stagingDir: string
}

const sharedRoot = '/var/lib/keyrecall'

export async function layOut(dataDir: string, runAs: RunAs): Promise<Layout> {
  const asked = resolve(dataDir)
  await mkdir(dirname(asked), { recursive: true, mode: 0o700 })
  const parent = await realpath(dirname(asked))
  const wanted = join(parent, basename(asked))
  const reachable = runAs.uid === null || (await isTraversable(parent, runAs.uid))
  const base = reachable ? wanted : await sharedPlace(wanted)
  if (!reachable) await leaveLink(wanted, base)
  return {
    data: base,
    passwordFile: `${wanted}.password`,
    ownerFile: `${wanted}.owner`,
    logFile: `${base}.log`,
    socketDir: `${base}.run`,
    stagingDir: reachable ? parent : sharedRoot,
  }
}

/** Removes everything of a stopped server: data, password, log and what was placed elsewhere. */
export async function removeEmbedded(dataDir: string): Promise<void> {
  const wanted = resolve(dataDir)
  const parent = await realpath(dirname(wanted)).catch(() => null)
  if (parent === null) return
  const link = join(parent, basename(wanted))
  for (const base of [link, sharedName(link)]) {
    for (const end of ['', '.new', '.run', '.log', '.password', '.owner']) {
      await rm(`${base}${end}`, { recursive: true, force: true })
    }
  }
}

/** Makes a folder that `runAs` owns and nobody else may enter. */
export async function makeOwned(path: string, runAs: RunAs): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (runAs.uid !== null && runAs.gid !== null) await chown(path, runAs.uid, runAs.gid)
  await chmod(path, 0o700)
}

function sharedName(wanted: string): string {
  return join(sharedRoot, createHash('sha256').update(wanted).digest('hex').slice(0, 16))
}

async function sharedPlace(wanted: string): Promise<string> {
  try {
    await mkdir(sharedRoot, { recursive: true, mode: 0o755 })
    if (!(await isTraversable(sharedRoot, 65_534))) await chmod(sharedRoot, 0o755)
  } catch (cause) {
    throw new AppError(
      'config',
      `PostgreSQL cannot run as root, its user cannot enter "${dirname(wanted)}", and "${sharedRoot}" cannot be made; ` +
        'start keyrecall as another user or set DATABASE_URL',
      { cause },
    )
  }
  return sharedName(wanted)
}

/** For people who look for the data where they asked for it. */
async function leaveLink(wanted: string, base: string): Promise<void> {
  const present = await lstat(wanted).catch(() => null)
  if (present?.isDirectory()) {
    throw new AppError(
      'config',
      `"${wanted}" holds a database of another user than root; start keyrecall as that user, or move the folder away`,
    )
  }
  await symlink(base, wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
