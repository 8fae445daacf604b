/** Passwords behind the short options of tools, which have a name of their own for each. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { mixed } from './checks/assigned.ts'
import { bareValue, login, placed } from './checks/placed.ts'
import { inside } from './checks/shape.ts'

/** Other options before it: printable ASCII that ends no command. */
const others = "[ -%'-:=?-{}~]{0,120}?"
const user = String.raw`[A-Za-z0-9_.@\\-]{1,60}`

/** By the texts with which a command begins: what stands before the password. */
const tools: readonly [anchors: readonly string[], option: string][] = [
  [
    ['mongo ', 'mongosh ', 'mongodump ', 'mongorestore ', 'mongoexport ', 'mongoimport '],
    String.raw`mongo(?:sh|dump|restore|export|import)? ${others}-p[ =]`,
  ],
  [['twine '], `twine ${others}-p `],
  [['zip -'], `zip ${others}-P `],
  [['sqlcmd ', 'mosquitto_'], `(?:sqlcmd|mosquitto_[ps]ub) ${others}-P ?`],
  [['redis-cli '], `redis-cli ${others}-a `],
  [['ldapsearch ', 'ldapadd ', 'ldapmodify '], `ldap(?:search|add|modify) ${others}-w `],
  [['ssh-keygen '], `ssh-keygen ${others}-N `],
  [['7z a ', '7z x '], `7z [ax] ${others}-p`],
  [['xfreerdp '], `xfreerdp ${others}/p:`],
  [['smbclient '], `smbclient ${others}-U ["']?${user}%`],
  [['lftp '], `lftp ${others}-u ${user},`],
  [['rabbitmqctl '], `rabbitmqctl (?:add_user|change_password) ${user} `],
  [
    ['htpasswd -'],
    `htpasswd (?:-[A-Za-z]{1,6} ){0,3}-[A-Za-z]{0,6}b[A-Za-z]{0,6} (?:-[A-Za-z]{1,6} ){0,3}[!-%'-:=?-{}~]{1,100} ${user} `,
  ],
  [['ipmitool '], `ipmitool ${others}-P `],
  [['psexec ', 'PsExec ', 'psexec64 ', 'PsExec64 '], `(?i:psexec(?:64)?) ${others}-p `],
  [['schtasks /'], `schtasks ${others}/[rR][pP] `],
  [['cmdkey '], `cmdkey ${others}/pass:`],
  [['bcp '], `bcp ${others}-P ?`],
  [['ejabberdctl '], `ejabberdctl (?:register|change_password) [A-Za-z0-9_.-]{1,60} [A-Za-z0-9.-]{1,80} `],
  [['mysqladmin '], `mysqladmin ${others} password `],
  [['openssl '], `openssl ${others}-(?:k |pass(?:in|out)? pass:)`],
]

const shared = { docs: 'https://cwe.mitre.org/data/definitions/214.html', issuer: 'command line' }

export const commandOptions: readonly Detector[] = [
  placed({
    ...shared,
    id: 'password-short-option',
    kind: 'password behind a short option of a command',
    // What follows the password of Oracle's tools is the name of a database.
    anchors: [...tools.flatMap(([anchors]) => anchors), 'sqlplus ', 'impdp ', 'expdp '],
    pattern: `(?:(?:${tools.map(([, option]) => option).join('|')})(?:"(${bareValue})"|'(${bareValue})'|(${bareValue}))|(?:sqlplus|impdp|expdp) ${user}/([A-Za-z0-9_$#]{3,128}))`,
    maxLength: 364,
    mint: (random) => `redis-cli -h cache.internal -a ${mixed(random, base62, 18)}`,
  }),
  inside(
    {
      ...login,
      ...shared,
      id: 'piped-password',
      kind: 'password piped into a command',
      anchors: [
        '| sudo -S',
        '| chpasswd',
        '| sudo chpasswd',
        '| cryptsetup',
        '| sudo cryptsetup',
        '| docker secret create',
      ],
      pattern: String.raw`(?:echo (?:-[ne]{1,2} )?|printf )["']?(?:[a-z_][a-z0-9_-]{0,31}:)?([A-Za-z0-9_+/=.@!#^*~?-]{3,128})["']? ?\| (?:sudo -S|(?:sudo )?(?:chpasswd|cryptsetup|docker secret create))`,
      notAfter: '',
      maxLength: 200,
      reach: { left: 190, right: 360 },
      mint: (random) => `echo "deploy:${mixed(random, base62, 18)}" | chpasswd`,
    },
    190,
  ),
]
