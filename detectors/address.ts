/** Addresses with a password in them: of databases and queues, and of whatever else has one. */
import type { CheckResult, CheckSurroundings, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { judgePassword } from './checks/password.ts'
import { letters } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

/** Up to 300 characters of a user and a password, of up to four bytes each. */
const userInfo = { over: '\x00-\x08\x0b\x0e-\x1f!#-&(-.0-;=?A-[]-_a-~\x7f-\xff', until: '@', within: 1210 }

export const address: readonly Detector[] = [
  prefixed({
    id: 'database-url',
    issuer: 'address',
    kind: 'address of a database or queue with a password',
    docs: 'https://www.rfc-editor.org/rfc/rfc3986',
    anchors: [
      'postgres://',
      'postgresql://',
      'mysql://',
      'mongodb://',
      'mongodb+srv://',
      'redis://',
      'rediss://',
      'amqp://',
      'amqps://',
    ],
    pattern: String.raw`(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)://[^\s:/?"'<>\x60\\]{0,100}:([^\s/?"'<>\x60\\]{3,200})@[A-Za-z0-9_.\[-]`,
    notAfter: '@',
    ahead: userInfo,
    maxLength: 1217,
    checkKind: 'structure',
    check: checkAddress,
    shapeless: 'login',
    reach: { left: 160, right: 490 },
    manualOnly: true,
    mint: (random) => `postgres://app:${letters(random, base62, 18)}@db.internal:5432/app`,
    revoke: 'change the password',
  }),
  prefixed({
    id: 'url-basic-auth',
    issuer: 'address',
    kind: 'address with a password',
    docs: 'https://www.rfc-editor.org/rfc/rfc3986',
    // The scheme may be any: of mail, of directories, of a driver, as in `mysql+pymysql`.
    anchors: ['://'],
    notBefore: '',
    pattern: String.raw`://[^\s:/?"'<>\x60\\]{0,100}:([^\s/?"'<>\x60\\]{3,200})@[A-Za-z0-9_.\[-]`,
    notAfter: '@',
    ahead: userInfo,
    maxLength: 1206,
    checkKind: 'structure',
    check: checkAddress,
    shapeless: 'login',
    reach: { left: 160, right: 490 },
    manualOnly: true,
    mint: (random) => `://deploy:${letters(random, base62, 18)}@git.internal/app.git`,
    revoke: 'change the password',
  }),
  inside(
    {
      id: 'go-data-source',
      issuer: 'address',
      kind: 'user and password of a database as drivers for Go name it',
      docs: 'https://github.com/go-sql-driver/mysql#dsn-data-source-name',
      anchors: ['@tcp(', '@unix(', '@tcp6('],
      pattern: String.raw`[A-Za-z0-9_.-]{1,64}:([^\s"'<>\x60/\\]{3,128})@(?:tcp6?|unix)\(`,
      notBefore: 'A-Za-z0-9_.-',
      notAfter: '',
      maxLength: 584,
      checkKind: 'structure',
      check: (secret) => judgePassword(secret.toString('utf8')),
      shapeless: 'login',
      reach: { left: 577, right: 744 },
      manualOnly: true,
      mint: (random) => `deploy:${letters(random, base62, 18)}@tcp(db.internal:3306)/app`,
      revoke: 'change the password',
    },
    577,
  ),
]

function checkAddress(secret: Buffer, _now: number, around?: CheckSurroundings): CheckResult {
  const user = /:\/\/([^:]*):/.exec(around?.match.toString('latin1') ?? '')?.[1]
  return judgePassword(secret.toString('utf8'), user)
}
