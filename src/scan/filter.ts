/**
 * Values that look right and are nobody's secret: placeholders, documented examples, low entropy. A value whose
 * check passed with 16 bits or more was minted by a machine, so only words too long to come up by chance and
 * long runs count against it.
 */
import type { Detector } from '../model/detector.ts'
import type { DropReason } from '../model/hit.ts'
import { documentedExample } from './documented.ts'
import type { Judgement } from './judge.ts'
import { entropy } from './shapeless/randomness.ts'

/** Key files and the like: their check reads every byte, and base64 of numbers may hold any run. */
const longestInspected = 2048

/** Why `secret` is no finding, or null. */
export function dropReason(detector: Detector, secret: Buffer, judgement: Judgement): DropReason | null {
  if (secret.length > longestInspected || judgement.label === 'encrypted') return null
  const text = secret.toString('latin1')
  if (documentedExample(text)) return 'documented_example'
  // Seed phrases are made of words, `test` and `sample` among them; their check tells them from prose.
  if (judgement.checkPassed === true && wordList.test(text)) return null
  const random = withoutAnchor(detector, text)
  const proven = judgement.checkPassed === true && judgement.bits >= 16
  if (isPlaceholder(random, proven)) return 'placeholder'
  if (detector.minEntropy !== undefined && lacksEntropy(random, detector.minEntropy)) return 'low_entropy'
  return null
}

function withoutAnchor({ anchors, testMode }: Detector, text: string): string {
  const prefix = [...anchors, ...(testMode ?? [])].filter((anchor) => text.startsWith(anchor))
  return text.slice(Math.max(0, ...prefix.map(({ length }) => length)))
}

const wordList = /^\s*(?:[a-z]{3,8}\s+){11,}[a-z]{3,8}\s*$/i

const longWords = /EXAMPLE|REDACTED|PLACEHOLDER|CHANGEME|CHANGE_ME|YOUR_|_HERE/i
const shortWords =
  /(?:FAKE|YOUR|TEST|DUMMY|SAMPLE|INSERT|REMOVED|SECRET_KEY)|(?:fake|your|test|dummy|sample|insert|removed)|(?:Fake|Your|Test|Dummy|Sample|Insert)/
const sequences = /abcdefgh|12345678|01234567|87654321/i

/** True for what people write in place of a secret. */
function isPlaceholder(random: string, proven: boolean): boolean {
  if (lacksVariety(random) || lacksVariety(longestRun(random))) return true
  if (longWords.test(random)) return true
  if (proven) return /x{8}|X{8}|0{10}|\*{4}/.test(random)
  return (
    /x{4}|X{4}|0{6}|\*{3}|\.{3}|([A-Za-z0-9])\1{9}/.test(random) ||
    shortWords.test(random) ||
    sequences.test(random)
  )
}

/** Fewer than 8 different characters, or than half as many as there are in a short one. */
function lacksVariety(text: string): boolean {
  return new Set(text).size < Math.min(8, Math.ceil(text.length / 2))
}

/** The longest run of letters and digits, where it is long enough to be the random part of an address. */
function longestRun(text: string): string {
  const runs = text.split(/[^A-Za-z0-9]+/).filter(({ length }) => length >= 16)
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}

/** Random text of mixed alphabets holds a digit and, where it has letters beyond hex, both cases or digits among them. */
function lacksEntropy(text: string, least: number): boolean {
  return entropy(text) < least || !/[0-9]/.test(text)
}
