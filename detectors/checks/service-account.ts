/** Google's service account key files: a JSON object around a PEM key. */
import type { CheckResult } from '../../src/model/detector.ts'
import { hex, lower } from './alphabets.ts'
import { jsonObject } from './base64.ts'
import { mintPem } from './mint-keys.ts'
import { failed, passed } from './outcome.ts'
import { checkPemKey } from './pem.ts'
import { letters, type Random } from './random.ts'

/** How far the object that begins `head` reaches: to the brace that closes it, 0 where it does not close. */
export function jsonExtent(head: Buffer): number {
  let depth = 0
  let quoted = false
  for (let at = 0; at < head.length; at++) {
    const byte = head[at]
    if (byte === 0x5c) at++
    else if (byte === 0x22) quoted = !quoted
    else if (!quoted && byte === 0x7b) depth++
    else if (!quoted && byte === 0x7d && --depth === 0) return at + 1
  }
  return 0
}

export function checkServiceAccount(secret: Buffer): CheckResult {
  const json = jsonObject(secret.toString('utf8'))
  const key = json?.['private_key']
  const email = json?.['client_email']
  if (json?.['type'] !== 'service_account' || typeof key !== 'string' || typeof email !== 'string')
    return failed
  if (!email.endsWith('.gserviceaccount.com')) return failed
  return checkPemKey(Buffer.from(key.trim())).outcome === 'passed'
    ? passed(60, { client_email: email.slice(0, 200) })
    : failed
}

export function mintServiceAccount(random: Random): string {
  const project = `harbour-${letters(random, lower, 6)}`
  return JSON.stringify({
    type: 'service_account',
    project_id: project,
    private_key_id: letters(random, hex, 40),
    private_key: `${mintPem(random)}\n`,
    client_email: `deploy@${project}.iam.gserviceaccount.com`,
    client_id: letters(random, '123456789', 21),
  })
}
