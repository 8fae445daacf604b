/** `--show-secrets`: the one place of the command line that takes a credential out of its wrapper, because it was asked to. */
import { fingerprint } from '../findings/fingerprint.ts'
import type { FindingRecord } from '../model/finding.ts'
import type { Found } from './scan-unit.ts'

/** The findings with `secret`: the credential as text (and the other half of a pair), odd bytes as U+FFFD. */
export function withSecrets(
  findings: readonly FindingRecord[],
  found: readonly Found[],
  key: Buffer,
): (FindingRecord & { secret: string })[] {
  const secrets = new Map<string, string>()
  for (const { hit } of found) {
    const name = fingerprint(key, hit.secret, hit.detector)
    // The same id can stand alone elsewhere; the place with both halves tells more.
    if (secrets.has(name) && hit.companion === undefined) continue
    const parts = hit.companion === undefined ? [hit.secret] : [hit.secret, hit.companion]
    secrets.set(name, parts.map((part) => part.reveal().toString('utf8')).join(' '))
  }
  return findings.map((finding) => ({ ...finding, secret: secrets.get(finding.fingerprint) ?? '' }))
}
