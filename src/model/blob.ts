/** Bytes to scan and the places where they stand. Sources yield blobs; they never look inside them. */

/** Where a blob was met. Which fields are set follows from `type`; positions are added by the engine. */
export interface Place {
  type: 'file' | 'stdin' | 'commit' | 'github_blob' | 's3_object'
  /** File path inside its source, or the key of an object; raw bytes that are not UTF-8 are shown as U+FFFD. */
  path: string
  /** `owner/name` on GitHub, or the path or URL of a git repository. */
  repository?: string
  commit_sha?: string
  blob_sha?: string
  author_name?: string
  author_email?: string
  authored_at?: string
  committer_name?: string
  committer_email?: string
  committed_at?: string
  /** Full name of a ref that leads to the commit: the default branch's where that does, else a branch's, a tag's, … */
  ref?: string
  /** The head of the default branch holds this content at this path. */
  at_head?: boolean
  /** Commits whose tree holds this content at this path. */
  commit_count?: number
  /** No ref leads to the commit: it was dropped or rewritten, and anybody who knows its id may still get it. */
  unreachable?: boolean
  bucket?: string
  key?: string
  version_id?: string
  etag?: string
  /** Members from the outermost archive inwards, joined by `!`. */
  archive_path?: string
  /** Owner named by the place itself (bucket tag `owner`): an e-mail address. */
  owner_hint?: string
  /** Web address of the place without credentials, where there is one. */
  url?: string
  /** Anybody may read this place. */
  public?: boolean
}

/** A span as people and editors count it; lines and columns from 1, columns in bytes; bytes from 0, end exclusive. */
export interface Span {
  start_line: number
  start_column: number
  end_line: number
  end_column: number
  byte_start: number
  byte_end: number
}

/** Bytes with a name. Content is read once; `read` is there where parts can be had by range. */
export interface Blob {
  place: Place
  /** Bytes, when known before reading; a source's claim, not trusted. */
  size: number | null
  /** Free content id (git object id, S3 version or ETag); null where one would have to hash. */
  contentId: string | null
  /** The bytes from the start. Ends early and throws `AppError` when a bound is passed. */
  open(signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Random access for archives; `end` is exclusive. Absent where only streaming is possible. */
  read?(start: number, end: number, signal: AbortSignal): Promise<Buffer>
}

/** Something that could not be read, or was left out on purpose. The scan goes on. */
export interface SourceProblem {
  problem: 'error' | 'skipped'
  /** From the closed list in `src/model/errors.ts`, e.g. `unreadable`, `too_large`, `special_file`. */
  code: string
  /** What it is about: a path, a key, a repository. */
  subject: string
  /** For the reader: what is wrong and what to do. Holds no secret. */
  message: string
}

export function isProblem(item: object): item is SourceProblem {
  return 'problem' in item
}
