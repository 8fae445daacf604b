/**
 * What can be asked for, and the pieces one job takes. A target is what a person names; a task is what one job
 * does: a listing task yields more tasks, a reading task yields blobs. Tasks hold no credentials: they travel
 * through the database and the queue.
 */
export type Target =
  | { type: 'path'; path: string }
  | { type: 'stdin' }
  | { type: 'git'; location: string }
  /** In the repository one stands in: what is staged, or what a range of commits brought. */
  | { type: 'git-changes'; range: string | null }
  | { type: 'github'; owner: string; repo?: string }
  | { type: 'github-search'; query: string }
  | { type: 's3'; bucket: string; prefix: string }

/** One object version in a listing. */
export interface ListedObject {
  key: string
  /** Null in buckets that never had versions. */
  version_id: string | null
  etag: string
  size: number
  /** The newest version of its key. */
  latest: boolean
}

export type ListingTask =
  /** One page of an owner's repositories. `page` counts from 1. */
  | { kind: 'github-owner-page'; owner: string; page: number }
  /** One repository by name: its clone address and visibility come from the API. */
  | { kind: 'github-repository'; owner: string; repo: string }
  /** A code-search query whose size is not known yet: split until each slice holds at most 1,000 results. */
  | { kind: 'github-search-slice'; query: string; minSize: number; maxSize: number | null }
  | { kind: 'github-search-page'; query: string; page: number }
  /** One page of the versions of a bucket; the markers are S3's own, the key's percent-encoded. `page` counts from 1. */
  | {
      kind: 's3-list-page'
      bucket: string
      prefix: string
      keyMarker: string | null
      versionMarker: string | null
      page?: number
    }

export type ReadingTask =
  | { kind: 'path'; path: string }
  | { kind: 'stdin' }
  | { kind: 'git'; location: string; repository: string; public: boolean; url: string | null }
  /** In the repository of the working folder: what is staged where `range` is null. For the command line only. */
  | { kind: 'git-changes'; range: string | null }
  /** A blob that code search named. */
  | { kind: 'github-blob'; repository: string; path: string; blobSha: string; public: boolean; url: string }
  | { kind: 's3-objects'; bucket: string; objects: ListedObject[] }

export type Task = ListingTask | ReadingTask

const listingKinds: ReadonlySet<string> = new Set<ListingTask['kind']>([
  'github-owner-page',
  'github-repository',
  'github-search-slice',
  'github-search-page',
  's3-list-page',
])

export function isListing(task: Task): task is ListingTask {
  return listingKinds.has(task.kind)
}
