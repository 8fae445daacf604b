/** What the bench runs on: processors, versions, and the programs that it compares with. */
import { execFile } from 'node:child_process'
import { access, constants, readFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

export interface Machine {
  cpu: string
  /** Processors this process may use. */
  cores: number
  memory_bytes: number
  platform: string
  node: string
  /** First line of what each found program says of its version. */
  versions: Record<string, string>
}

export async function describeMachine(programs: Readonly<Record<string, string>>): Promise<Machine> {
  const versions: Record<string, string> = {}
  for (const [name, path] of Object.entries(programs)) versions[name] = await versionOf(path)
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    versions,
  }
}

async function versionOf(program: string): Promise<string> {
  for (const argument of ['--version', 'version']) {
    try {
      const { stdout, stderr } = await promisify(execFile)(program, [argument], { timeout: 20_000 })
      return (stdout.trim() || stderr.trim()).split('\n')[0] ?? ''
    } catch {
      // The other way of asking.
    }
  }
  return 'unknown'
}

/** The program's path, or null where it is not on PATH. */
export async function findProgram(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return path
  }
  return null
}

/** The last `count` processors this process may use, or null where programs cannot be bound to some. */
export async function chooseCores(count: number): Promise<readonly number[] | null> {
  if ((await findProgram('taskset')) === null) return null
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const allowed = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1]
  if (allowed === undefined) return null
  const cores = allowed.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
  return cores.slice(-count)
}
