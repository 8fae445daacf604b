/** Amazon: an access key id holds its account number; its secret has no form of its own and is found beside it. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64 } from './checks/alphabets.ts'
import { awsAccount, mintAwsId } from './checks/aws.ts'
import { failed, notApplicable, passed } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

const docs = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html'
const revoke = 'IAM DeleteAccessKey by the account'

export const amazon: readonly Detector[] = [
  prefixed({
    id: 'aws-access-key-id',
    issuer: 'Amazon Web Services',
    kind: 'access key id',
    docs,
    anchors: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}',
    maxLength: 20,
    checkKind: 'structure',
    check: checkKeyId,
    pair: { with: 'aws-secret-access-key', within: 400 },
    revoke,
    mint: (random) => mintAwsId(random, String(between(random, 100_000_000_000, 999_999_999_999))),
  }),
  valued({
    id: 'aws-secret-access-key',
    issuer: 'Amazon Web Services',
    kind: 'secret access key',
    docs,
    context: ['aws', 'secret', 'accesskey', 'access_key', 'AKIA', 'ASIA'],
    contextWithin: 120,
    pattern: '[A-Za-z0-9+/]{40}',
    notBefore: 'A-Za-z0-9+/',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 40,
    minEntropy: 4.2,
    revoke,
    mint: mintSecret,
  }),
]

/** An account number fits nine random ids of ten, so a pass says little; a miss says it is no id. */
function checkKeyId(secret: Buffer): CheckResult {
  const account = awsAccount(secret.toString('latin1'))
  if (account === null) return notApplicable
  return account === undefined ? failed : passed(0.14, { account })
}

/** Draws until letters of both cases and a digit are there, as in all but a few of a thousand real ones. */
function mintSecret(random: Random): string {
  for (;;) {
    const value = letters(random, base64, 40)
    if (/[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value)) return value
  }
}
