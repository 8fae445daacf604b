/**
 * Buckets in memory: every version of every key, newest first. Keys are listed in the order of their UTF-8
 * bytes, as S3 does, not in that of JavaScript strings.
 */
import { createHash, randomBytes } from 'node:crypto'

export interface StoredVersion {
  key: string
  /** `null` (the word) for what was written without versioning. */
  versionId: string
  /** Without its quotes. */
  etag: string
  body: Buffer
  deleteMarker: boolean
  lastModified: Date
  storageClass: string
  contentType: string
  /** `x-amz-checksum-…` header given with the upload. */
  checksum: { header: string; value: string } | null
}

export interface Bucket {
  name: string
  region: string
  created: Date
  versioning: 'Enabled' | 'Suspended' | null
  /** Anybody may list and read the newest versions. */
  public: boolean
  requesterPays: boolean
  tags: Map<string, string>
  versions: Map<string, StoredVersion[]>
  /** Keys in listing order; null when they must be sorted again. */
  order: string[] | null
}

export interface NewBucket {
  versioning?: boolean
  public?: boolean
  requesterPays?: boolean
  region?: string
  tags?: Readonly<Record<string, string>>
}

export function newBucket(name: string, region: string, options: NewBucket): Bucket {
  return {
    name,
    region: options.region ?? region,
    created: new Date(),
    versioning: options.versioning ? 'Enabled' : null,
    public: options.public ?? false,
    requesterPays: options.requesterPays ?? false,
    tags: new Map(Object.entries(options.tags ?? {})),
    versions: new Map(),
    order: null,
  }
}

export type NewVersion = Pick<StoredVersion, 'body'> &
  Partial<Pick<StoredVersion, 'storageClass' | 'contentType' | 'checksum' | 'deleteMarker'>>

/** Writes the newest version of `key`; without versioning it takes the place of the one before. */
export function addVersion(bucket: Bucket, key: string, given: NewVersion): StoredVersion {
  const version: StoredVersion = {
    key,
    versionId: bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null',
    etag: createHash('md5').update(given.body).digest('hex'),
    body: given.body,
    deleteMarker: given.deleteMarker ?? false,
    lastModified: new Date(),
    storageClass: given.storageClass ?? 'STANDARD',
    contentType: given.contentType ?? 'binary/octet-stream',
    checksum: given.checksum ?? null,
  }
  const others = bucket.versions.get(key)
  if (!others) bucket.order = null
  const kept = (others ?? []).filter((one) => version.versionId !== 'null' || one.versionId !== 'null')
  bucket.versions.set(key, [version, ...kept])
  return version
}

/** Deletes as S3 does: one version for good, or, where there are versions, by a marker on top. */
export function removeKey(bucket: Bucket, key: string, versionId?: string): StoredVersion | null {
  if (versionId === undefined && bucket.versioning !== null) {
    return addVersion(bucket, key, { body: Buffer.alloc(0), deleteMarker: true })
  }
  const versions = bucket.versions.get(key) ?? []
  const gone = versionId === undefined ? versions[0] : versions.find((one) => one.versionId === versionId)
  const left = versions.filter((one) => one !== gone)
  if (left.length > 0) bucket.versions.set(key, left)
  else if (bucket.versions.delete(key)) bucket.order = null
  return gone ?? null
}

/** All keys in the order of their bytes. */
export function keysOf(bucket: Bucket): string[] {
  bucket.order ??= [...bucket.versions.keys()]
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ key }) => key)
  return bucket.order
}
