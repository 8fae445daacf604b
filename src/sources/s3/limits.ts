/** Bounds of reading S3. All are options of `createS3`; sizes in bytes, times in milliseconds. */
export interface S3Limits {
  /** Objects of a batch asked for at the same time. Default 8. */
  parallel: number
  /** The first part of each object, held in memory until its turn; `parallel` times this is the most. Default 1 MiB. */
  headBytes: number
  /** Object versions in one reading task. Default 100. */
  batchObjects: number
  /** Bytes in one reading task, unless one object alone has more. Default 256 MiB. */
  batchBytes: number
  /** Larger objects are skipped. Default 64 GiB. */
  maxObjectBytes: number
  /** Pages of one listing; the rest is reported as unread. Default 100,000 (100 million versions). */
  maxPages: number
  /** The largest answer to a listing or another short question. Default 32 MiB. */
  maxAnswerBytes: number
  /** Longest silence of the server. Default 30 s. */
  stallTimeout: number
  /** How often a broken transfer is taken up again where it stopped. Default 3. */
  resumes: number
}

export const defaultS3Limits: S3Limits = {
  parallel: 8,
  headBytes: 1024 ** 2,
  batchObjects: 100,
  batchBytes: 256 * 1024 ** 2,
  maxObjectBytes: 64 * 1024 ** 3,
  maxPages: 100_000,
  maxAnswerBytes: 32 * 1024 ** 2,
  stallTimeout: 30_000,
  resumes: 3,
}
