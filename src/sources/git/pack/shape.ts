/** A repository's objects as plain data: what one thread found out, for others to go on from. Structured-clonable. */
import type { ObjectType } from './entry-header.ts'
import type { PackPlan } from './plan.ts'

export interface PackOptions {
  /** Blobs, commits and tags above this are told as `too_large` and left out. Default: 128 MiB. */
  maxBlobBytes?: number
  /** Memory for objects that others are made from, for each part walked at a time. Default: 48 MiB. */
  maxKeptBytes?: number
  /** What was read before and is not read again. Default: nothing. */
  before?: KnownObjects
}

/** Objects that somebody knows. */
export interface KnownObjects {
  /** Names of packs of which everything is known, without folder and extension. */
  packs: ReadonlySet<string>
  ids: {
    has(source: Uint8Array, at?: number): boolean
    /** Of sorted ids, 1 for those that are known. */
    among(source: Uint8Array, start: number, stride: number, count: number): Uint8Array
  }
}

export interface PackShape {
  /** The file `….pack`. */
  path: string
  index: SharedArrayBuffer
  /**
   * The pack does not end with the checksum its index names: cut off, or another pack. What can be read is, if
   * its content has the id the index gives it.
   */
  isSuspect: boolean
}

export interface StoreShape {
  /** Folders named `objects`. */
  folders: readonly string[]
  hashLength: number
  packs: readonly PackShape[]
  maxBlobBytes: number
  maxKeptBytes: number
}

/** A stretch of the walk over one pack. */
export interface PackShare {
  /** Number among the packs of the store. */
  pack: number
  plan: PackPlan
  from: number
  to: number
}

/** What one worker thread reads at a time. */
export interface PackPart {
  kind: 'pack'
  store: StoreShape
  /** What is shown; others are not even built. */
  types: readonly ObjectType[]
  shares: PackShare[]
  /** Ids of objects that are files of their own. */
  loose: string[]
  /** Ids of objects that one pack holds broken and another place may hold whole. */
  strays: string[]
  /** Logs of refs, by their path and what people call them. */
  logs: { path: string; name: string }[]
  /** Bytes to read from the disk, about; for progress. */
  bytes: number
}
