/** Convex: the name of a deployment, and 32 hex digits in base64 JSON. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { hex, lower } from './checks/alphabets.ts'
import { base64Json } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { inside } from './checks/shape.ts'

export const convex: readonly Detector[] = [
  inside(
    {
      id: 'convex-deploy-key',
      issuer: 'Convex',
      kind: 'deploy key',
      docs: 'https://docs.convex.dev/production/hosting/',
      anchors: ['|eyJ2MiI6'],
      pattern: String.raw`(?:prod|dev|preview|project):[a-z0-9:-]{3,100}\|eyJ2MiI6[A-Za-z0-9+/]{40,80}={0,2}`,
      notAfter: 'A-Za-z0-9+/=',
      maxLength: 205,
      checkKind: 'structure',
      check: checkDeploy,
      mint: mintDeploy,
      revoke: 'dashboard only',
    },
    110,
  ),
]

function checkDeploy(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const json = base64Json(text.slice(text.indexOf('|') + 1), { alphabet: 'standard', padding: 'full' })
  return verdict(typeof json?.['v2'] === 'string' && /^[0-9a-f]{32}$/.test(json['v2']), 60)
}

function mintDeploy(random: Random): string {
  const json = JSON.stringify({ v2: letters(random, hex, 32) })
  const name = `${letters(random, lower, 6)}-${letters(random, lower, 5)}-${between(random, 100, 999)}`
  return `prod:${name}|${Buffer.from(json).toString('base64')}`
}
