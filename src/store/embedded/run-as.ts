/**
 * Which user PostgreSQL runs as. It refuses root, and a user id without an entry in /etc/passwd; so a service that
 * runs as root starts it as `nobody`, who must be able to pass through every folder above what it needs.
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../model/errors.ts'

export interface RunAs {
  /** Null: as whoever runs us. */
  uid: number | null
  gid: number | null
}

const nobody = 65_534

/** `AppError` (config) when we are root and there is nobody to drop to. */
export async function chooseUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { uid: null, gid: null }
  const entry = (await readFile('/etc/passwd', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => Number(fields[2]) === nobody)
  if (!entry) {
    throw new AppError(
      'config',
      'PostgreSQL does not run as root and /etc/passwd has no user 65534 (nobody) to run it as; ' +
        'start keyrecall as another user or set DATABASE_URL',
    )
  }
  return { uid: nobody, gid: Number(entry[3]) }
}

/** Whether `uid` (not root) may pass through `path` and every folder above it. */
export async function isTraversable(path: string, uid: number): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => null)
    if (!info) return false
    const allowed = info.uid === uid ? info.mode & 0o100 : info.mode & 0o001
    if (!allowed) return false
    if (dirname(folder) === folder) return true
  }
}
