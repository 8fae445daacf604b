/**
 * Hashes of passwords as systems and frameworks store them. A hash opens nothing by itself, but a weak password behind
 * it is found in hours, so it is told, with low confidence; with medium in a line of a file of users.
 */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed, type Shape } from './checks/shape.ts'

/** The alphabet of `crypt`, which is not base64's order but nearly its letters. */
const crypt = './A-Za-z0-9'

function hash(shape: Shape & { anchors: readonly string[]; mint: (random: Random) => string }): Detector {
  return prefixed({
    shapeless: 'hash',
    notBefore: '',
    notAfter: `A-Za-z0-9./+=_$`,
    reach: { left: 160, right: shape.maxLength + 160 },
    manualOnly: true,
    revoke: 'change the password',
    ...shape,
  })
}

export const passwordHashes: readonly Detector[] = [
  hash({
    id: 'bcrypt-hash',
    issuer: 'password file',
    kind: 'bcrypt hash of a password',
    docs: 'https://www.usenix.org/conference/1999-usenix-annual-technical-conference/future-adaptable-password-scheme',
    anchors: ['$2a$', '$2b$', '$2y$'],
    pattern: String.raw`\$2[aby]\$[0-3][0-9]\$[${crypt}]{53}`,
    maxLength: 60,
    mint: (random) => `$2b$12$${letters(random, base62, 53)}`,
  }),
  hash({
    id: 'crypt-hash',
    issuer: 'password file',
    kind: 'hash of a password as of crypt(3)',
    docs: 'https://manpages.debian.org/bookworm/libcrypt-dev/crypt.5.en.html',
    // Behind what stands before a hash in files of users and in settings; three bytes would be met too often.
    anchors: [
      ':$1$',
      ':$5$',
      ':$6$',
      ':$y$',
      '$apr1$',
      "'$1$",
      "'$5$",
      "'$6$",
      '"$5$',
      '"$6$',
      ' $5$',
      ' $6$',
      '=$6$',
      ' 5 $1$',
      ' 8 $8$',
      ' 9 $9$',
    ],
    pattern: String.raw`(?:[:'"= ]| 5 )?(\$(?:apr1|[156]|y)\$(?:rounds=[0-9]{1,9}\$)?(?:[${crypt}]{1,10}\$)?[${crypt}]{1,32}\$[${crypt}]{22,86})| [89] (\$[89]\$[${crypt}]{14}\$[${crypt}]{43})`,
    maxLength: 160,
    mint: (random) => `$apr1$${letters(random, base62, 8)}$${letters(random, base62, 22)}`,
  }),
  hash({
    id: 'framework-password-hash',
    issuer: 'password file',
    kind: 'hash of a password as frameworks store it',
    docs: 'https://docs.djangoproject.com/en/stable/topics/auth/passwords/',
    anchors: [
      'pbkdf2_sha',
      'bcrypt_sha256$',
      'argon2',
      '$argon2',
      '{SSHA',
      '{ssha',
      '{PBKDF2',
      'scrypt:32768',
    ],
    pattern: String.raw`(?:pbkdf2_sha(?:1|256)\$[0-9]{1,9}\$[A-Za-z0-9]{1,40}\$[A-Za-z0-9+/]{27,44}={0,2}|bcrypt_sha256\$\$2[aby]\$[0-9]{2}\$[${crypt}]{53}|\$?argon2(?:id?|d)?\$\$?(?:argon2(?:id?|d)\$)?v=[0-9]{1,3}\$m=[0-9]{1,9},t=[0-9]{1,5},p=[0-9]{1,3}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,128}|\{(?i:ssha|pbkdf2)[0-9A-Za-z-]{0,10}\}[${crypt}+$=]{28,200}|scrypt:32768:8:1\$[A-Za-z0-9]{8,32}\$[0-9a-f]{128})`,
    maxLength: 260,
    mint: (random) => `pbkdf2_sha256$600000$${letters(random, base62, 22)}$${letters(random, base62, 43)}=`,
  }),
]
