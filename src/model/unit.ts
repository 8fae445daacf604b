/** An opened reading task: the blobs of one repository, folder, object batch. */
import type { Blob, Place, SourceProblem } from './blob.ts'

export interface OpenUnit {
  /** Digest of all there is in the unit, where that is cheap: the same digest means nothing new to read. */
  state?(signal: AbortSignal): Promise<string>
  /** Blobs and problems, in a stable order. */
  blobs(signal: AbortSignal): AsyncGenerator<Blob | SourceProblem>
  /**
   * Every place where each of these blobs stands, asked only for blobs with hits, once, after `blobs` has ended.
   * Git answers with the first commit for each path; sources whose blobs know their place give that back.
   */
  locate(blobs: readonly Place[], signal: AbortSignal): Promise<Place[][]>
  /** Frees processes, files and connections. */
  close(): Promise<void>
}
