/**
 * How one kind of credential of one issuer looks, how it is checked offline and what can be done about it.
 * Detectors are data and pure functions: no I/O, no clock of their own.
 */

/** What the offline check found. `not_applicable`: this very value carries nothing to test. */
export type CheckOutcome = 'passed' | 'failed' | 'not_applicable'

/** `checksum`: a digest of the value is in the value; `structure`: the value must parse; `none`: no check known. */
export type CheckKind = 'checksum' | 'structure' | 'none'

/** How a candidate of this detector is met in the bytes; see `src/scan/prefilter.ts`. */
export type GatePath = 'prefix' | 'value' | 'inside' | 'words'

export interface CheckResult {
  outcome: CheckOutcome
  /** Strength in bits of a pass for this value; `-log2` of the odds that random text passes. */
  bits: number
  /** A soft failure lowers confidence by one step instead of rejecting. */
  soft?: boolean
  /** Facts read out of the value, for people: account numbers, expiry. Never parts of the secret. */
  facts?: Readonly<Record<string, string>>
  /** The value can be used by nobody without a passphrase, or is over: reported as such, never acted on. */
  unusable?: 'encrypted' | 'expired'
}

/** What a check may look at besides the secret. */
export interface CheckSurroundings {
  /** The whole match, of which the secret may be a group. */
  match: Buffer
  /** Bytes within `contextWithin` of the match, the match included. */
  near: Buffer
}

export interface DetectorExamples {
  /** Values the detector must find; built by code at run time so that no file of ours trips a scanner. */
  match: readonly string[]
  /** Look-alikes that must not be reported at medium confidence or above. */
  noMatch: readonly string[]
}

/** One GET that tells whether the credential still works; data for validity look-ups by the issuer's API. */
export interface Probe {
  get: string
  auth: 'bearer' | 'basic' | 'token' | 'private-token'
  active: readonly number[]
  inactive: readonly number[]
}

/**
 * What kind of value it is that no shape tells, only a name or a place: `password` and `secret` (people choose them),
 * `token` (machines draw them), all three bound to a name by an assignment; `login`: a password at the place of one, in
 * an address or a command; `basic` and `bearer`: in a header of HTTP; `hash`: of a password.
 */
export type Shapeless = 'password' | 'secret' | 'token' | 'login' | 'basic' | 'bearer' | 'hash'

/** What must follow an anchor for the pattern to be worth trying; classes are written as in `notBefore`. */
export interface Ahead {
  /** The bytes that may stand between the anchor and the one of `until`. */
  over: string
  /** One of these must come. */
  until: string
  /** Bytes after the anchor within which it must. */
  within: number
}

/** The other half of a credential pair. */
export interface PairRule {
  /** Detector id of the other half. */
  with: string
  /** Largest distance between the two, in bytes, in either direction. */
  within: number
}

/** Where one of the credentials of a block stands: [start, end). */
export type BlockPart = readonly [start: number, end: number]

export interface Detector {
  /** Stable id, kebab-case: `github-pat-classic`. */
  id: string
  issuer: string
  /** What it is, in words: `personal access token (classic)`. */
  kind: string
  /** The issuer's page about it, or the source of the format. */
  docs: string
  /** Fixed texts, one of which every match holds. */
  anchors: readonly string[]
  gate: GatePath
  /**
   * Spares most candidates of common words the pattern: directly after the anchor, and of a value after the bytes with
   * which each begins, within `within` bytes, a byte of `until` stands, and all before it are of `over`. Excludes nothing
   * that the pattern accepts.
   */
  ahead?: Ahead
  /** Bytes before and after the anchor's first byte that a match may cover. */
  reach: { left: number; right: number }
  /** RE2 source with explicit bounds; the first group that took part is the secret, without groups the whole match. */
  pattern: string
  /**
   * Characters that may not stand directly after a match (a longer run is not this token), as the inside of a
   * character class. Default: `A-Za-z0-9_`. Before a match no `[A-Za-z0-9_]` may stand except after an escape.
   */
  notBefore?: string
  notAfter?: string
  /** Longest match in bytes. */
  maxLength: number
  /**
   * For bodies longer than a pattern can count (keys): how many bytes the match really covers, 0 for none. Given the
   * bytes from the start of the match, at most `maxLength` of them; the pattern then describes the head only.
   */
  extent?: (head: Buffer) => number
  /**
   * For blocks that hold several credentials: where each stands, as [start, end), given the bytes from the start of the
   * match, at most `maxLength` of them; the pattern then describes how a block begins.
   */
  parts?: (block: Buffer) => readonly BlockPart[]
  checkKind: CheckKind
  /**
   * Offline test over the bytes of the secret; `now` in milliseconds since 1970 for formats that hold times; `around`
   * for formats that are tested against what stands beside them.
   */
  check?: (secret: Buffer, now: number, around?: CheckSurroundings) => CheckResult
  /** The pattern fits ordinary names: what the check does not prove is not even a look-alike. */
  provenOnly?: boolean
  /**
   * The value has no shape: what stands around it and how it is made decide whether it is a finding at all, and whether
   * of low or medium confidence. Such a detector gives way to every other, unless it has a check that passed.
   */
  shapeless?: Shapeless
  /** Lowest Shannon entropy of the value in bits a character, for formats without a check. */
  minEntropy?: number
  /** Words one of which must stand within `contextWithin` bytes around, for values without fixed text. */
  context?: readonly string[]
  contextWithin?: number
  pair?: PairRule
  /** Prefixes of test-mode keys: labelled, never acted upon. */
  testMode?: readonly string[]
  probe?: Probe
  /** How the issuer disables it, in words, for the person who triages. */
  revoke?: string
  /** Detectors that win where both claim the same span and the other's check passed. */
  yieldsTo?: readonly string[]
  /** Left out of automatic responses whatever the policy says. */
  manualOnly?: boolean
  /** Names what the functions of a detector made from data do; a part of the name of the detector set. */
  revision?: string
  examples: DetectorExamples
  /** Makes up a value that passes the check, from numbers in [0, 1); for tests and demonstrations. */
  mint?: (random: () => number) => string
}
