/** An opened reading task: the blobs of one repository, folder, object batch. */
import type { Blob, Place, SourceProblem } from './blob.ts'
import type { Hit } from './hit.ts'

export interface OpenUnit {
  /** Digest of all there is in the unit, where that is cheap: the same digest means nothing new to read. */
  state?(signal: AbortSignal): Promise<string>
  /** Blobs and problems, in a stable order. */
  blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem>
  /**
   * The same unit cut into shares, in a stable order, where a thread can read its share by itself. How it is cut depends
   * on what there is, never on how many threads there are.
   */
  parts?(signal: AbortSignal): AsyncGenerator<UnitPart | SourceProblem>
  /**
   * Every place where each of these blobs stands, asked only for blobs with hits, once, after `blobs` or `parts` has
   * ended. Git answers with the first commit for each path; sources whose blobs know their place give that back.
   */
  locate(blobs: readonly Place[], signal: AbortSignal): Promise<Place[][]>
  /** What an earlier reader found that is still there and was not read now; asked after `parts` has ended. */
  known?(): { place: Place; hits: readonly Hit[] }[]
  /** What a person should know of the unit, after `parts` has ended: what changed since somebody last read it. */
  notes?(): string[]
  /**
   * Keeps what a next scan need not read again; called after `locate`, and only where nothing broke off.
   * @param objects in which something was found, by the places they came with, known ones among them
   * @param problems all that were told
   */
  remember?(
    objects: readonly { place: Place; hits: readonly Hit[] }[],
    problems: readonly SourceProblem[],
  ): Promise<void>
  /** Frees processes, files and connections. */
  close(): Promise<void>
}

/** A share of a unit: plain data that crosses threads. Who gets it knows by `kind` how to open it. */
export type UnitPart = FilesPart | PackPart

/** Objects of one git repository. */
export interface PackPart {
  kind: 'pack'
  /** How people know it: `owner/name`, a URL or a path. */
  repository: string
  /** Its page on the web, where it has one. */
  url: string | null
  public: boolean
  /** Plain data that the reader of packs made and understands. */
  share: object
  /** Bytes of the packs to be read. */
  bytes: number
}

/** Files under one folder. Paths are Latin-1, a character a byte, since names need not be UTF-8. */
export interface FilesPart {
  kind: 'files'
  /** The folder, or the file itself where `paths` is `['']`. */
  root: string
  /** What the person named, which stands before each path that is shown. */
  target: string
  /** Below `root`. */
  paths: string[]
  /** Bytes of these files when they were listed; 0 where nobody asked. */
  bytes: number
  /** It is an archive of some size: unpacking several at once takes much memory. */
  archive?: true
}
