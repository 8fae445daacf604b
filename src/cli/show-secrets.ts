/** `--show-secrets`: the one place of the command line that takes a credential out of its wrapper, because it was asked to. */
import { fingerprint } from '../findings/fingerprint.ts'
import type { FindingRecord } from '../model/finding.ts'
import type { Found } from './scan-unit.ts'

/** The findings with `secret`: the credential as text, bytes that are not UTF-8 as U+FFFD. */
export function withSecrets(
  findings: readonly FindingRecord[],
  found: readonly Found[],
  key: Buffer,
): (FindingRecord & { secret: string })[] {
  const secrets = new Map(
    found.map(({ hit }) => [
      fingerprint(key, hit.secret, hit.detector),
      [hit.secret, hit.companion]
        .flatMap((secret) => (secret === undefined ? [] : [secret.reveal().toString('utf8')]))
        .join(' '),
    ]),
  )
  return findings.map((finding) => ({ ...finding, secret: secrets.get(finding.fingerprint) ?? '' }))
}
