/** TeamCity: three parts, the third a UUID in base64. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64url } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const teamcity: readonly Detector[] = [
  prefixed({
    id: 'teamcity-access-token',
    issuer: 'TeamCity',
    kind: 'access token',
    docs: 'https://www.jetbrains.com/help/teamcity/configuring-your-user-profile.html',
    anchors: ['eyJ0eXAiOiAiVENWMiJ9.'],
    pattern: String.raw`eyJ0eXAiOiAiVENWMiJ9\.[A-Za-z0-9_-]{36}\.[A-Za-z0-9]{48}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 106,
    checkKind: 'structure',
    check: checkTeamcity,
    mint: mintTeamcity,
    revoke: 'DELETE /app/rest/users/current/tokens/{name}',
  }),
]

function checkTeamcity(secret: Buffer): CheckResult {
  const [, second = '', third = ''] = secret.toString('latin1').split('.')
  const name = strictBase64(second)?.toString('latin1') ?? ''
  return verdict(
    /^[A-Za-z0-9_-]{27}$/.test(name) && isUuid4(strictBase64(third)?.toString('latin1') ?? ''),
    60,
  )
}

function mintTeamcity(random: Random): string {
  const parts = [letters(random, base64url, 27), uuid4(random)].map((part) =>
    Buffer.from(part).toString('base64url'),
  )
  return `eyJ0eXAiOiAiVENWMiJ9.${parts.join('.')}`
}
