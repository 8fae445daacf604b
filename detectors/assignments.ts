/**
 * Values that only the name they are assigned to marks as secret: passwords, secrets, tokens, keys. The rules say
 * which names and which ways to write them; what the value must be like is the engine's business (`shapeless`).
 */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { assignedTo, mixed } from './checks/assigned.ts'

/** What else may follow the word in a name: `password2`, `PASSWORD_PROD`, `passwordValue`. */
const ending = String.raw`(?:[_.-]?(?i:[0-9]{1,3}|prod|production|dev|develop|development|test|testing|qa|uat|stage|staging|local|live|root|admin|user|master|main|value|raw|plain|plaintext|default|old|new|confirm|confirmation|repeat|again|db|base64|b64|encrypted|enc|str|string|text|read|write|ro|rw|api|app))?`

export const assignments: readonly Detector[] = [
  assignedTo({
    id: 'password-assignment',
    kind: 'password assigned to a name',
    shapeless: 'password',
    // Each in the cases in which names are written.
    anchors: ['pass', 'Pass', 'PASS'],
    words: String.raw`[Pp][Aa][Ss][Ss](?i:word|wd|phrase|code|wrd|key)?s?${ending}`,
    names: ['db_password', 'SMTP_PASS', 'adminPassword', 'ssh.passphrase'],
    value: (random) => mixed(random, base62, 18),
  }),
  assignedTo({
    id: 'secret-assignment',
    kind: 'secret assigned to a name',
    shapeless: 'secret',
    anchors: ['secret', 'Secret', 'SECRET'],
    words: String.raw`[Ss][Ee][Cc][Rr][Ee][Tt]s?(?:[_.-]?(?i:access[_.-]?)?(?i:key|token|value|word)(?:[_.-]?(?i:base))?)?${ending}`,
    names: ['client_secret', 'SECRET_KEY', 'jwtSecret', 'app.secret'],
    value: (random) => mixed(random, base62, 32),
  }),
  assignedTo({
    id: 'token-assignment',
    kind: 'token assigned to a name',
    shapeless: 'token',
    anchors: ['token', 'Token', 'TOKEN'],
    words: String.raw`[Tt][Oo][Kk][Ee][Nn](?:[_.-]?(?i:secret|key|value))?${ending}`,
    names: ['oauth_token', 'API_TOKEN', 'accessToken', 'bot.token'],
    value: (random) => mixed(random, base62, 32),
  }),
  assignedTo({
    id: 'key-assignment',
    kind: 'key assigned to a name',
    shapeless: 'token',
    // After a joint or the last letter of api, access, secret, client, private, master, encryption, token, ...
    anchors: [
      '_key',
      '_KEY',
      '-key',
      '-Key',
      '-KEY',
      'iKey',
      'IKey',
      'sKey',
      'tKey',
      'eKey',
      'nKey',
      'apikey',
      'APIKEY',
      'authkey',
      'authKey',
      'AUTHKEY',
      'privkey',
      'privKey',
      'PRIVKEY',
    ],
    words: String.raw`(?:[_ieIstn-]|(?i:api|auth|priv))[Kk][Ee][Yy]${ending}`,
    names: ['api_key', 'API_KEY', 'apiKey', 'x-api-key', 'encryptionKey'],
    value: (random) => mixed(random, base62, 32),
  }),
  assignedTo({
    id: 'credential-assignment',
    kind: 'credential assigned to a name',
    shapeless: 'token',
    anchors: ['credential', 'Credential', 'CREDENTIAL'],
    words: String.raw`[Cc](?i:redentials?)${ending}`,
    names: ['credential', 'SERVICE_CREDENTIALS', 'apiCredential'],
    value: (random) => mixed(random, base62, 32),
  }),
  assignedTo({
    id: 'salt-assignment',
    kind: 'salt assigned to a name',
    shapeless: 'token',
    anchors: ['_SALT', '_salt'],
    words: '_(?:SALT|salt)',
    names: ['AUTH_SALT', 'hash_salt'],
    value: (random) => mixed(random, base62, 32),
  }),
]
