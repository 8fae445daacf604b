/** Finds the allow files of a scan. Without one nothing of them is loaded, and a scan starts as fast as before. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../model/errors.ts'
import type { Target } from '../model/target.ts'
import type { IgnoreSet, Ignores } from './ignore.ts'
import type { ScanOptions } from './scan-options.ts'

const fileName = '.keyrecallignore'

/**
 * @returns null where there is no allow file
 * @throws AppError `usage` for a named file that is not there, and for one that cannot be read
 */
export async function loadIgnores(
  targets: readonly Target[],
  options: Pick<ScanOptions, 'ignoreFiles' | 'ownIgnoreFiles'>,
): Promise<Ignores | null> {
  const folders = [...new Set(targets.flatMap((target) => foldersOf(target)))]
  const sets: IgnoreSet[] = []
  for (const folder of options.ownIgnoreFiles ? folders : []) {
    const path = join(folder, fileName)
    const there = await stat(path).catch((error: NodeJS.ErrnoException) => !isAbsence(error))
    const entries = there ? await read(path) : null
    if (entries !== null) sets.push({ folder, entries })
  }
  for (const path of options.ignoreFiles) {
    const entries = await read(path)
    if (entries === null)
      throw new AppError('usage', `--ignore-file ${JSON.stringify(path)}: there is no such file`)
    sets.push({ folder: null, entries })
  }
  if (sets.length === 0) return null
  const { createIgnores } = await import('./ignore.ts')
  return createIgnores(sets, folders, new Date().toISOString().slice(0, 10))
}

/** What is staged is the folder's own, as its files are. */
function foldersOf(target: Target): string[] {
  if (target.type === 'path') return [target.path]
  return target.type === 'git-changes' && target.range === null ? ['.'] : []
}

function isAbsence(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ENOENT' || error.code === 'ENOTDIR'
}

async function read(path: string) {
  const { readIgnoreFile } = await import('./ignore-file.ts')
  return await readIgnoreFile(path)
}
