/** Hits become findings: one a credential, with all its places, not in the baseline. */
import type { SourceProblem } from '../model/blob.ts'
import { asAppError } from '../model/errors.ts'
import type { ShownFinding } from './findings-table.ts'
import type { Ignores } from './ignore.ts'
import type { ScanOptions } from './scan-options.ts'
import type { Found } from './scan-unit.ts'
import type { Tally } from './tally.ts'

export interface MergeParts {
  options: Pick<ScanOptions, 'showSecrets'>
  /** Fingerprints not to report again. */
  known: ReadonlySet<string>
  tally: Tally
  report: (problem: SourceProblem) => void
  /** `$KEYRECALL_HOME`, where set. */
  home: string | undefined
  /** Master key shared with other machines (`KEYRECALL_SERVICE_KEY`), where set. */
  serviceKey: Buffer | null
  ignores: Ignores | null
}

export async function mergeFound(found: readonly Found[], parts: MergeParts): Promise<ShownFinding[]> {
  const { options, tally } = parts
  if (found.length === 0) return []
  const started = performance.now()
  const { mergeHits } = await import('../findings/merge.ts')
  const key = await fingerprintKey(parts)
  const merged = mergeHits(key, found)
  const fresh = merged.filter((finding) => !parts.known.has(finding.fingerprint))
  tally.inBaseline = merged.length - fresh.length
  const findings = parts.ignores?.apply(fresh) ?? fresh
  tally.milliseconds.merge += performance.now() - started
  if (!options.showSecrets) return findings
  const { withSecrets } = await import('./show-secrets.ts')
  return withSecrets(findings, found, key)
}

/** Where the home folder cannot be used, findings are still worth more than fingerprints that can be compared. */
async function fingerprintKey(parts: MergeParts): Promise<Buffer> {
  if (parts.serviceKey !== null) {
    const { deriveKeys } = await import('../base/service-key.ts')
    // The service's own first version, so that its findings and those of a scan have the same fingerprints.
    return deriveKeys(parts.serviceKey, 1).fingerprint
  }
  try {
    const { openHome } = await import('../base/home.ts')
    return await (await openHome(parts.home || undefined)).localKey()
  } catch (thrown) {
    const { code, message } = asAppError(thrown)
    parts.report({
      problem: 'error',
      code,
      subject: 'KEYRECALL_HOME',
      message: `${message}; the fingerprints of this scan compare with no other`,
    })
    const { randomBytes } = await import('node:crypto')
    return randomBytes(32)
  }
}
