/**
 * What a part has to tell on its way between threads. A `Secret` does not survive the copy, on purpose; its bytes go over
 * in a buffer of their own, since a view would take the whole pool of small buffers along.
 */
import type { Place, SourceProblem } from '../model/blob.ts'
import type { Hit } from '../model/hit.ts'
import { Secret } from '../model/secret.ts'
import type { UnitPart } from '../model/unit.ts'
import type { Sums } from './scan-blob.ts'
import type { PartOutcome } from './scan-part.ts'

interface SecretRecord {
  bytes: Uint8Array
  detector: string
}

interface HitRecord extends Omit<Hit, 'secret' | 'companion'> {
  secret: SecretRecord
  companion: SecretRecord | null
}

/** Plain data. It holds credentials: for the other thread alone. */
export interface PartRecord {
  found: { place: Place; hits: HitRecord[] }[]
  problems: SourceProblem[]
  rest: UnitPart[]
  sums: Sums
}

export function packOutcome({ found, problems, rest }: PartOutcome, sums: Sums): PartRecord {
  return {
    found: found.map(({ place, hits }) => ({ place, hits: hits.map(packHit) })),
    problems,
    rest,
    sums,
  }
}

export function unpackOutcome({ found, problems, rest }: PartRecord): PartOutcome {
  return {
    found: found.map(({ place, hits }) => ({ place, hits: hits.map(unpackHit) })),
    problems,
    rest,
  }
}

function packHit({ secret, companion, ...others }: Hit): HitRecord {
  return { ...others, secret: packSecret(secret), companion: companion ? packSecret(companion) : null }
}

function unpackHit({ secret, companion, ...others }: HitRecord): Hit {
  return {
    ...others,
    secret: unpackSecret(secret),
    ...(companion === null ? {} : { companion: unpackSecret(companion) }),
  }
}

function packSecret(secret: Secret): SecretRecord {
  return { bytes: Uint8Array.from(secret.reveal()), detector: secret.detector }
}

function unpackSecret({ bytes, detector }: SecretRecord): Secret {
  return new Secret(bytes, detector)
}
