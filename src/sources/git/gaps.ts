/**
 * What the history names and the clone lacks: partial clones, shallow clones, packs without an index. Reading
 * what is there would look like a whole history, so each is told as an error.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { startChild } from '../../base/child.ts'
import type { SourceProblem } from '../../model/blob.ts'
import { createByteReader } from './byte-reader.ts'
import type { Repository } from './repository.ts'

/** @param timeoutMs bound of the walk that counts what a partial clone lacks */
export async function findGaps(
  repository: Repository,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SourceProblem[]> {
  const common = await commonDir(repository.gitDir)
  const packs = new Set(await readdir(join(common, 'objects', 'pack')).catch(() => []))
  const gaps: string[] = []
  if (await stat(join(common, 'shallow')).catch(() => null)) {
    gaps.push('this is a shallow clone: older history is not in it; run git fetch --unshallow')
  }
  if ([...packs].some((name) => name.endsWith('.promisor'))) {
    const missing = await countMissing(repository, timeoutMs, signal)
    if (missing > 0) {
      gaps.push(`${missing} objects of the history are not in this partial clone; clone it without --filter`)
    }
  }
  const bare = [...packs].filter((name) => name.endsWith('.pack') && !packs.has(name.replace(/pack$/, 'idx')))
  if (bare.length > 0) gaps.push(`${bare.length} packs have no index and were not read; run git index-pack`)
  return gaps.map((message) => ({ problem: 'error', code: 'unreadable', subject: repository.name, message }))
}

/** Where the objects are: elsewhere for a linked worktree. */
async function commonDir(gitDir: string): Promise<string> {
  const named = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => '.')
  return resolve(gitDir, named.trimEnd())
}

async function countMissing(repository: Repository, timeoutMs: number, signal: AbortSignal): Promise<number> {
  const list = startChild({
    ...repository.command('look for missing objects', [
      'rev-list',
      '--all',
      '--objects',
      '--missing=print',
      '--',
    ]),
    timeoutMs,
    signal,
  })
  list.stdin.end()
  const lines = createByteReader(list.stdout)
  let missing = 0
  try {
    for (let line = await lines.line(); line !== null; line = await lines.line()) {
      if (line.startsWith('?')) missing += 1
    }
    await list.done
    return missing
  } finally {
    await list.stop()
  }
}
