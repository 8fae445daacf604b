/**
 * What the demo plants: made-up credentials, where each leaks, who holds its account and who must be told,
 * and decoys that must be left alone. Pure: the same seed and number give the same plan.
 */
import { mintFor, spoil } from '../../detectors/checks/mint.ts'
import { seededRandom } from '../../detectors/checks/random.ts'

/** Kinds whose check is proof enough to act upon without a person. */
export const plantedDetectors = [
  'github-pat-classic',
  'npm-access-token',
  'grafana-service-account-token',
  'github-pat-fine-grained',
  'keyrecall-token',
  'gitlab-pat-routable',
] as const

export const organisation = 'acme-demo'
export const outsider = 'wanderer'
export const bucket = 'acme-demo-backups'
export const companyDomain = 'acme.test'
export const securityTeam = `security@${companyDomain}`
export const bucketOwner = `storage-team@${companyDomain}`
/** A search finds repositories outside the organisation by this word. */
export const searchWord = 'acme_internal_gateway'

/** Where a credential is put; the world knows how to put it there. */
export const spots = [
  'newest_commit',
  'removed_commit',
  'side_branch',
  'code_search',
  'zip_in_bucket',
  'gzip_in_bucket',
  'base64_in_commit',
  'old_object_version',
  'github_and_bucket',
  'forged_author',
  'careless_owner',
] as const
export type Spot = (typeof spots)[number]

export interface Planted {
  name: string
  detector: string
  token: string
  spot: Spot
  /** Who the issuer says holds it; the issuer mails this address. */
  account: string
  /** Who answers for the place; keyrecall mails this address. */
  owner: string
}

export const decoyKinds = ['wrong_checksum', 'placeholder', 'documented_example', 'aws_canary'] as const

export interface Decoy {
  name: (typeof decoyKinds)[number]
  token: string
}

export interface DemoPlan {
  planted: Planted[]
  decoys: Decoy[]
}

/** The six leaks of one owner that must come as one digest. */
const digestSize = 6
const minimumForDigest = spots.length - 1 + digestSize

export const carelessOwner = `carla@${companyDomain}`
export const forgedAuthor = 'ceo@elsewhere.test'

/**
 * @param leaks how many credentials to plant, at least 1; the default shows every spot once and the digest
 * @param spoiled plants them with a wrong checksum: nothing may be found then
 */
export function planDemo(seed: number, leaks: number = minimumForDigest, spoiled = false): DemoPlan {
  const random = seededRandom(seed)
  const planted: Planted[] = []
  for (let index = 0; index < leaks; index++) {
    const spot = spotOf(index, leaks)
    const detector = plantedDetectors[index % plantedDetectors.length] as string
    planted.push({
      name: `${spot}-${index + 1}`,
      detector,
      token: spoiled ? spoil(mintFor(detector, random)) : mintFor(detector, random),
      spot,
      account: `user${index + 1}@customers.test`,
      owner: ownerOf(spot, index),
    })
  }
  return { planted, decoys: planDecoys(random) }
}

function spotOf(index: number, leaks: number): Spot {
  const others = spots.length - 1
  if (index < others) return spots[index] as Spot
  if (leaks >= minimumForDigest && index < minimumForDigest) return 'careless_owner'
  return spots[index % others] as Spot
}

function ownerOf(spot: Spot, index: number): string {
  switch (spot) {
    case 'zip_in_bucket':
    case 'gzip_in_bucket':
    case 'old_object_version':
      return bucketOwner
    case 'code_search':
    case 'forged_author':
      return securityTeam
    case 'careless_owner':
      return carelessOwner
    case 'github_and_bucket':
    case 'newest_commit':
    case 'removed_commit':
    case 'side_branch':
    case 'base64_in_commit':
      return `dev${index + 1}@${companyDomain}`
  }
}

function planDecoys(random: () => number): Decoy[] {
  return [
    { name: 'wrong_checksum', token: spoil(mintFor('github-pat-classic', random)) },
    { name: 'placeholder', token: ['ghp', 'x'.repeat(36)].join('_') },
    { name: 'documented_example', token: ['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('') },
    { name: 'aws_canary', token: canaryKeyId(random) },
  ]
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An AWS key id whose account number (bits 1 to 40 of the 80) is that of a known maker of decoys. */
function canaryKeyId(random: () => number): string {
  const account = 171_436_882_533n
  let bits = (1n << 79n) | (account << 39n)
  for (let bit = 0n; bit < 39n; bit++) if (random() < 0.5) bits |= 1n << bit
  let text = ''
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += base32[Number((bits >> shift) & 31n)]
  return `AKIA${text}`
}
