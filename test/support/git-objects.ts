/** All objects of a small repository in memory, as `git cat-file` gives them. */
import { execFileSync } from 'node:child_process'
import type { HistoryVisitor } from '../../src/sources/git/pack/walk-history.ts'

export interface GitObjects {
  read(id: string): { type: string; bytes: Buffer } | null
  /** Hands over every commit and tree. */
  sweep(visit: HistoryVisitor): void
  ids(type: string): string[]
}

export function loadObjects(repository: string): GitObjects {
  const output = execFileSync('git', ['cat-file', '--batch-all-objects', '--batch'], {
    cwd: repository,
    maxBuffer: 256 * 1024 * 1024,
  })
  const objects = new Map<string, { type: string; bytes: Buffer }>()
  for (let at = 0; at < output.length; ) {
    const line = output.indexOf(10, at)
    const [id = '', type = '', size = ''] = output.toString('latin1', at, line).split(' ')
    at = line + 1 + Number(size)
    objects.set(id, { type, bytes: output.subarray(line + 1, at) })
    at += 1
  }
  return {
    read: (id) => objects.get(id) ?? null,
    ids: (type) => [...objects].filter(([, object]) => object.type === type).map(([id]) => id),
    sweep(visit) {
      for (const [id, { type, bytes }] of objects) {
        if (type === 'commit') visit.commit(Buffer.from(id, 'hex'), 0, bytes)
        if (type === 'tree') visit.tree(Buffer.from(id, 'hex'), 0, bytes, 0, null)
      }
    },
  }
}
