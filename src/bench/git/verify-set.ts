/**
 * The slow way to scan a history, to hold the fast one to: every blob that `git cat-file` prints goes through the
 * engine whole, and what comes out must be the same set of detector, credential, blob and span.
 */
import { detectors } from '../../../detectors/index.ts'
import { startChild } from '../../base/child.ts'
import { type Found, mergeHits } from '../../findings/merge.ts'
import { type Blob, isProblem } from '../../model/blob.ts'
import { createEngine } from '../../scan/engine.ts'
import { defaultArchiveLimits } from '../../sources/archive/limits.ts'
import { unpackAll } from '../../sources/archive/unpack.ts'
import { createByteReader } from '../../sources/git/byte-reader.ts'
import { gitEnvironment } from '../../sources/git/environment.ts'
import { defaultGitLimits } from '../../sources/git/mirror.ts'
import type { ReportedFinding } from '../scan-run.ts'

export interface SetDifference {
  /** Members of both sets. */
  same: number
  /** Only the slow way has them. */
  missing: string[]
  /** Only the fast way has them. */
  extra: string[]
}

/**
 * @param key of the fingerprints in `reported`
 * @param reported what a scan with `--min-confidence low` found
 */
export async function compareWithWhole(
  gitDir: string,
  key: Buffer,
  reported: readonly ReportedFinding[],
  signal: AbortSignal,
): Promise<SetDifference> {
  const engine = createEngine(detectors)
  const found: Found[] = []
  for await (const blob of unpackAll(wholeBlobs(gitDir, signal), defaultArchiveLimits, signal)) {
    if (isProblem(blob)) continue
    const { hits } = await engine.scan(blob, signal)
    for (const hit of hits) found.push({ hit, places: [blob.place] })
  }
  const slow = members(mergeHits(key, found))
  const fast = members(reported)
  return {
    same: [...slow].filter((one) => fast.has(one)).length,
    missing: [...slow].filter((one) => !fast.has(one)),
    extra: [...fast].filter((one) => !slow.has(one)),
  }
}

/** Blobs only: messages have no span that both ways could agree on. */
function members(findings: readonly ReportedFinding[]): Set<string> {
  const set = new Set<string>()
  for (const { detector, fingerprint, places } of findings) {
    for (const { blob_sha, path, archive_path, byte_start, byte_end } of places) {
      if (blob_sha === undefined || path === 'TAG_MSG') continue
      set.add(`${detector} ${fingerprint} ${blob_sha}!${archive_path ?? ''} ${byte_start}-${byte_end}`)
    }
  }
  return set
}

async function* wholeBlobs(gitDir: string, signal: AbortSignal): AsyncGenerator<Blob> {
  const child = startChild({
    phase: 'read all objects',
    command: 'git',
    args: ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'],
    env: gitEnvironment({ protocols: [], gitDir }),
    cwd: '/',
    signal,
  })
  child.stdin.end()
  const reader = createByteReader(child.stdout)
  try {
    for (;;) {
      const line = await reader.line()
      if (line === null) break
      const [id = '', type, size] = line.split(' ')
      const bytes = await reader.take(Number(size))
      await reader.take(1)
      if (type === 'blob' && bytes !== null && bytes.length <= defaultGitLimits.maxBlobBytes)
        yield blobOf(id, bytes)
    }
    await child.done
  } finally {
    await child.stop()
  }
}

function blobOf(id: string, bytes: Buffer): Blob {
  return {
    // Findings take places of one path and span for one; here every blob is a place of its own.
    place: { type: 'commit', path: id, blob_sha: id },
    size: bytes.length,
    contentId: id,
    async *open() {
      yield bytes
    },
    read: async (start, end) => bytes.subarray(start, end),
  }
}
