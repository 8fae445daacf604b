/** What is told of a commit: who wrote it and who brought it in, by the names people have now, and when. */
import type { Place } from '../../../model/blob.ts'
import type { CommitGraph } from './commit-graph.ts'
import { readPeople } from './commit-text.ts'
import type { HistoryStore } from './history.ts'
import { type Mailmap, readMailmap } from './mailmap.ts'

/** What a `Place` says about a blob in a history. */
export type Attribution = Pick<
  Place,
  | 'path'
  | 'commit_sha'
  | 'author_name'
  | 'author_email'
  | 'authored_at'
  | 'committer_name'
  | 'committer_email'
  | 'committed_at'
  | 'ref'
  | 'at_head'
  | 'commit_count'
  | 'unreachable'
>

/** Longest mailmap that is read, in bytes: that of the Linux kernel takes 50,000. */
const maxMailmap = 4 * 1024 * 1024

/** @param head number of the head's commit, -1 where there is none */
export function createTeller(
  store: HistoryStore,
  commits: CommitGraph,
  head: number,
): (commit: number) => Omit<Attribution, 'path'> {
  const mailmap = head >= 0 ? mailmapOf(store, commits.ids.hex(head)) : readMailmap('')
  const told = new Map<number, Omit<Attribution, 'path'>>()
  return (commit) => {
    const before = told.get(commit)
    if (before) return before
    const attribution = describe(store, commits.ids.hex(commit), mailmap)
    told.set(commit, attribution)
    return attribution
  }
}

function describe(store: HistoryStore, id: string, mailmap: Mailmap): Omit<Attribution, 'path'> {
  const found = store.read(id)
  if (!found) return { commit_sha: id }
  const { author, committer } = readPeople(found.bytes)
  const writer = mailmap(author)
  const bringer = mailmap(committer)
  return {
    commit_sha: id,
    author_name: writer.name,
    author_email: writer.email,
    ...(author.at === null ? {} : { authored_at: author.at }),
    committer_name: bringer.name,
    committer_email: bringer.email,
    ...(committer.at === null ? {} : { committed_at: committer.at }),
  }
}

/** The mailmap at the top of a commit's tree. */
function mailmapOf(store: HistoryStore, commit: string): Mailmap {
  const tree = /^tree ([0-9a-f]+)\n/.exec(store.read(commit)?.bytes.toString('latin1', 0, 80) ?? '')?.[1]
  const entries = tree === undefined ? null : store.read(tree)?.bytes
  const label = Buffer.from('100644 .mailmap\0')
  const at = entries?.indexOf(label) ?? -1
  if (!entries || tree === undefined || at < 0) return readMailmap('')
  const start = at + label.length
  const found = store.read(entries.toString('hex', start, start + tree.length / 2))
  if (found?.type !== 'blob' || found.bytes.length > maxMailmap) return readMailmap('')
  return readMailmap(found.bytes.toString('utf8'))
}
