/** Passwords in commands, headers and statements: behind an option, or at the place where a call takes one. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { mixed } from './checks/assigned.ts'
import type { Random } from './checks/random.ts'
import { prefixed, type Shape } from './checks/shape.ts'

function inCommand(
  shape: Shape & { anchors: readonly string[]; mint: (random: Random) => string },
): Detector {
  return prefixed({
    gate: 'words',
    shapeless: 'login',
    notAfter: '%',
    reach: { left: 160, right: shape.maxLength + 160 },
    manualOnly: true,
    revoke: 'change the password',
    ...shape,
  })
}

/** A value of a command line, in quotes or bare; of three characters and more. */
const value = String.raw`(?:"([!#-&(-\[\]-~]{3,128})"|'([!#-&(-\[\]-~]{3,128})'|([A-Za-z0-9_+/=.@!#^*~:?-]{3,128}))`
const password = (random: Random) => mixed(random, base62, 18)

export const commands: readonly Detector[] = [
  inCommand({
    id: 'password-option',
    issuer: 'command line',
    kind: 'password behind an option of a command',
    docs: 'https://cwe.mitre.org/data/definitions/214.html',
    anchors: [
      '--pass',
      'sshpass',
      'docker login',
      'podman login',
      'az login',
      'mysql ',
      'mysqldump ',
      'mysqladmin ',
    ],
    pattern: String.raw`(?:--pass(?:word|wd|phrase)?[ \t]{1,4}|sshpass[ \t]{1,4}-p[ \t]{0,4}|(?:docker|podman|az) login[A-Za-z0-9 \t@:/._=-]{0,120}? (?:-p|--password)[ =]|mysql(?:dump|admin)? [A-Za-z0-9 \t@:/._=-]{0,120}?-p)${value}`,
    maxLength: 290,
    mint: (random) => `sshpass -p ${password(random)}`,
  }),
  inCommand({
    id: 'curl-user',
    issuer: 'command line',
    kind: 'user and password of a curl command',
    docs: 'https://curl.se/docs/manpage.html#-u',
    anchors: ['curl ', 'wget '],
    pattern: String.raw`(?:curl|wget) [!#-~ ]{0,200}?(?:-u|--user|--proxy-user)[ =]?["']?[A-Za-z0-9_.@+-]{1,64}:([A-Za-z0-9_+/=.@!#^*~?-]{3,128})`,
    maxLength: 420,
    mint: (random) => `curl -u deploy:${password(random)}`,
  }),
  inCommand({
    id: 'sql-identified-by',
    issuer: 'SQL',
    kind: 'password of a database user',
    docs: 'https://dev.mysql.com/doc/refman/en/create-user.html',
    anchors: ['IDENTIFIED', 'identified', 'Identified'],
    pattern: String.raw`(?i:identified (?:with [a-z0-9_]{1,40} )?by (?:password )?)["']([!#-&(-\[\]-~]{3,128})["']`,
    notAfter: '',
    maxLength: 220,
    mint: (random) => `IDENTIFIED BY '${password(random)}'`,
  }),
  inCommand({
    id: 'login-call',
    issuer: 'source code',
    kind: 'password in a call that logs in',
    docs: 'https://cwe.mitre.org/data/definitions/798.html',
    anchors: ['login(', 'Login(', 'signIn(', 'sign_in('],
    pattern: String.raw`(?:[lL]ogin|signIn|sign_in)\(\s{0,8}["'][A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{3,80}["'],\s{0,8}["']([!#-&(-\[\]-~]{3,128})["']`,
    notBefore: '',
    notAfter: '',
    maxLength: 302,
    mint: (random) => `login('deploy@mail.internal', '${password(random)}')`,
  }),
  inCommand({
    id: 'quoted-password-directive',
    issuer: 'configuration file',
    kind: 'password behind a directive',
    docs: 'https://linux.die.net/man/5/esmtprc',
    anchors: ['password "', "password '", 'passwd "', 'requirepass ', 'masterauth ', 'passwordauth '],
    pattern: String.raw`(?:pass(?:word|wd) ["']([!#-&(-\[\]-~]{3,128})["'][ \t]{0,8}(?:[\r\n;]|$)|(?:requirepass|masterauth) ["']?([!#-%(-+./0-:=?-\[\]-_a-~-]{3,128}))`,
    notAfter: '%',
    maxLength: 180,
    mint: (random) => `requirepass ${password(random)}`,
  }),
  inCommand({
    id: 'authorization-basic',
    issuer: 'HTTP',
    kind: 'user and password in a header',
    docs: 'https://www.rfc-editor.org/rfc/rfc7617',
    anchors: ['Authorization', 'authorization', 'AUTHORIZATION'],
    ahead: { over: 'A-Za-z0-9_"\'`\\]) \t-', until: ':=,', within: 30 },
    pattern: String.raw`[Aa](?i:uthorization)\\{0,2}["'\x60]?\]?[ \t]{0,4}[:=,][ \t]{0,4}\\{0,2}["'\x60]?Basic ([A-Za-z0-9+/]{8,400}={0,2})`,
    notAfter: 'A-Za-z0-9+/=_%-',
    maxLength: 460,
    mint: (random) => `Authorization: Basic ${Buffer.from(`deploy:${password(random)}`).toString('base64')}`,
  }),
  inCommand({
    id: 'authorization-bearer',
    issuer: 'HTTP',
    kind: 'token in a header',
    docs: 'https://www.rfc-editor.org/rfc/rfc6750',
    anchors: ['Authorization', 'authorization', 'AUTHORIZATION'],
    ahead: { over: 'A-Za-z0-9_"\'`\\]) \t-', until: ':=,', within: 30 },
    pattern: String.raw`[Aa](?i:uthorization)\\{0,2}["'\x60]?\]?[ \t]{0,4}[:=,][ \t]{0,4}\\{0,2}["'\x60]?(?:Bearer|Token|token|ApiKey) ([A-Za-z0-9_+/.~-]{16,512}={0,2})`,
    notAfter: 'A-Za-z0-9+/=_%-',
    maxLength: 580,
    shapeless: 'bearer',
    mint: (random) => `Authorization: Bearer ${mixed(random, base62, 40)}`,
  }),
]
