/** Supabase: keys carry a sum over the project's name, which mostly stands in its address near by. */

import { createHash } from 'node:crypto'
import type { CheckResult, CheckSurroundings, Detector } from '../src/model/detector.ts'
import { lower } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { failed, passed, softFailed } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const supabase: readonly Detector[] = [
  prefixed({
    id: 'supabase-secret-key',
    issuer: 'Supabase',
    kind: 'secret key',
    docs: 'https://supabase.com/docs/guides/api/api-keys',
    anchors: ['sb_secret_'],
    contextWithin: 2000,
    pattern: 'sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 41,
    check: checkKey,
    mint: (random) => mintKey(random, 'sb_secret_'),
    revoke: 'dashboard; Management API by the owner',
  }),
  prefixed({
    id: 'supabase-publishable-key',
    issuer: 'Supabase',
    kind: 'publishable key (public; proves the project)',
    docs: 'https://supabase.com/docs/guides/api/api-keys',
    anchors: ['sb_publishable_'],
    contextWithin: 2000,
    pattern: 'sb_publishable_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 46,
    check: checkKey,
    mint: (random) => mintKey(random, 'sb_publishable_'),
    manualOnly: true,
    revoke: 'n/a',
  }),
  prefixed({
    id: 'supabase-access-token',
    issuer: 'Supabase',
    kind: 'personal access token',
    docs: 'https://supabase.com/docs/guides/api/api-keys',
    anchors: ['sbp_'],
    pattern: 'sbp_[0-9a-f]{40}',
    maxLength: 44,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'supabase-service-role-jwt',
    issuer: 'Supabase',
    kind: 'legacy service key',
    docs: 'https://supabase.com/docs/guides/api/api-keys',
    anchors: ['eyJ'],
    pattern: String.raw`eyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{60,400}\.[A-Za-z0-9_-]{43}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 660,
    checkKind: 'structure',
    check: checkServiceRole,
    mint: (random) =>
      mintJwt(random, {
        iss: 'supabase',
        ref: letters(random, lower, 20),
        role: 'service_role',
        iat: 1_700_000_000,
        exp: 4_102_444_800,
      }),
    revoke: 'rotate the JWT secret',
  }),
]

const selfHosted = 'supabase-self-hosted'

function sum(project: string, head: string): string {
  return createHash('sha256').update(`${project}|${head}`).digest('base64url').slice(0, 8)
}

/**
 * 48 bits where the project is known: named by an address near by, or self-hosted. An address of another project
 * proves nothing, so a miss is soft; without any, the 16 bytes have four bits to test.
 */
function checkKey(secret: Buffer, _now: number, around?: CheckSurroundings): CheckResult {
  const text = secret.toString('latin1')
  const [head, check] = [text.slice(0, -9), text.slice(-8)]
  const addresses =
    around?.near.toString('latin1').matchAll(/https?:\/\/([a-z0-9-]{8,40})\.supabase\.co/g) ?? []
  const projects = Array.from(addresses, (match) => match[1] ?? '')
  for (const project of [...projects, selfHosted])
    if (sum(project, head) === check) return passed(48, { project })
  if (strictBase64(head.slice(-22)) === null) return failed
  return projects.length > 0 ? softFailed : passed(4)
}

function mintKey(random: Random, prefix: string): string {
  const head = prefix + randomBytes(random, 16).toString('base64url')
  return `${head}_${sum(selfHosted, head)}`
}

function checkServiceRole(secret: Buffer, now: number): CheckResult {
  const jwt = parseJwt(secret.toString('latin1'))
  const { iss, ref, role } = jwt?.payload ?? {}
  const fits =
    iss === 'supabase' && typeof ref === 'string' && /^[a-z]{20}$/.test(ref) && role === 'service_role'
  return fits ? judgeJwt(jwt, now) : failed
}
