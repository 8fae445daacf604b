/**
 * Reads what `git log -z --raw -c --no-renames` writes in our format: for each commit its id, author's name,
 * address and committer's time, then which blob stands at which path from it on. Tokens end with NUL; git puts a
 * newline before the first change of a commit and empty tokens between commits. Paths are any bytes but NUL.
 * The format of changes is that of gitdiffcore's raw output ("RAW OUTPUT FORMAT" in git-diff-tree(1)).
 */
import { AppError } from '../../model/errors.ts'

/** Asks for the tokens that `readRawLog` expects at the start of a commit. */
export const rawLogFormat = '--format=commit %H%x00%aN%x00%aE%x00%ct'

export interface LoggedCommit {
  id: string
  authorName: string
  authorEmail: string
  /** Seconds since 1970, as git wrote them. */
  committedAt: string
}

/** One path that a commit changed to hold this blob. The commit is the same object for all its changes. */
export interface LoggedChange {
  commit: LoggedCommit
  blob: string
  path: Buffer
}

/** Longest token accepted: far above any path git can check out. */
const maxToken = 1024 * 1024

/**
 * Yields every path that got a file or symbolic link, in the order of the log; deleted paths and submodules are
 * left out. With `wanted`, only changes to those blobs. Throws `git_failed` for anything of another form.
 */
export async function* readRawLog(
  chunks: AsyncIterable<Uint8Array>,
  wanted?: ReadonlySet<string>,
): AsyncGenerator<LoggedChange> {
  let commit: LoggedCommit | null = null
  /** Tokens of the commit's head still to come. */
  let head: string[] | null = null
  /** Blob of the change whose path is the next token; empty where that path is not of interest. */
  let blob: string | null = null
  for await (const token of tokens(chunks)) {
    if (head) {
      head.push(token.toString('utf8'))
      if (head.length < 4) continue
      const [id = '', authorName = '', authorEmail = '', committedAt = ''] = head
      commit = { id, authorName, authorEmail, committedAt }
      head = null
    } else if (blob !== null) {
      // Copied: the token lies in a chunk that is used again.
      if (blob !== '' && commit) yield { commit, blob, path: Buffer.from(token) }
      blob = null
    } else if (token.length > 0) {
      const text = token.toString('latin1')
      const change = text.startsWith('\n') ? text.slice(1) : text
      if (change.startsWith('commit ')) head = [change.slice('commit '.length)]
      else blob = changedBlob(change, wanted)
    }
  }
  if (head || blob !== null) throw unexpected()
}

/** `:old-mode new-mode old-id new-id status`, with one colon, mode and id more for each parent of a merge. */
function changedBlob(change: string, wanted: ReadonlySet<string> | undefined): string {
  const fields = change.split(' ')
  const parents = /^:*/.exec(change)?.[0].length ?? 0
  const mode = fields[parents]
  const id = fields[2 * parents + 1]
  if (parents === 0 || mode === undefined || id === undefined || fields.length !== 2 * parents + 3) {
    throw unexpected()
  }
  const isFile = mode.startsWith('100') || mode.startsWith('120')
  return isFile && (wanted === undefined || wanted.has(id)) ? id : ''
}

async function* tokens(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes =
      rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
      yield bytes.subarray(start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > maxToken) throw unexpected()
  }
  if (rest.length > 0) throw unexpected()
}

function unexpected(): AppError {
  return new AppError('git_failed', 'the log of the history has an unexpected form')
}
