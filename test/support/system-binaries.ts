/** The PostgreSQL that tests run on: with KEYRECALL_TEST_POSTGRES=system the newest under /usr/lib/postgresql. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresBinaries } from '../../src/store/embedded/binaries.ts'

/** Undefined for the programs of the package. */
export async function testSystemBinaries(): Promise<PostgresBinaries | undefined> {
  if (process.env['KEYRECALL_TEST_POSTGRES'] !== 'system') return undefined
  const root = '/usr/lib/postgresql'
  const majors = (await readdir(root)).map(Number).filter((major) => major > 0)
  const major = Math.max(...majors)
  return { bin: join(root, String(major), 'bin'), major }
}
