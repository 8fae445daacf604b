/** Values without a shape in the ways people write them: what is found, how sure that is, and what is left alone. */
import { describe, expect, it } from 'vitest'
import { detectors } from '../../../detectors/index.ts'
import { createEngine } from '../../../src/scan/engine.ts'

const engine = createEngine(detectors)

// Put together here, so that this file holds nothing that a scanner would report.
const strong = ['Tr0ub4dor', '&3'].join('')
const weak = ['hun', 'ter22'].join('')
const random = ['q7Rk2vX9', 'tB4mZ8wL', 'c3Jf6NdY', 'h5Gs1PaQ'].join('')

function found(text: string): { confidence: string; value: string }[] {
  return engine
    .scanBytes(Buffer.from(text))
    .hits.filter(({ checkPassed }) => checkPassed !== false)
    .map(({ confidence, secret }) => ({ confidence, value: secret.reveal().toString() }))
}

/** `§` stands for the value. */
const ways = [
  'DB_PASSWORD=§\nDEBUG=1\n',
  'export DB_PASSWORD="§"\n',
  'db:\n  host: db.internal\n  password: §\n',
  '{"user": "root", "password": "§"}',
  "define('DB_PASSWORD', '§');",
  "'password' => '§',",
  "$dbpasswd = '§';",
  "config['password'] = '§'",
  'private static final String PASSWORD = "§";',
  'const password: string = "§"',
  'password := "§"',
  '<add key="DbPassword" value="§"/>',
  '<server><username>a</username><password>§</password></server>',
  '<key>Password</key>\n  <string>§</string>',
  '- name: DB_PASSWORD\n  value: "§"\n',
  'variable "db_password" {\n  default = "§"\n}',
  'Server=db;Uid=app;Pwd=§;',
  'Server=db;User Id=app;Password=§;Timeout=3',
  'jdbc:mysql://db/app?user=app&password=§&ssl=1',
  "CREATE USER app IDENTIFIED BY '§';",
  'sshpass -p § ssh root@db.internal\n',
  'mysql -u root -p§ app\n',
  'curl -u deploy:§ https://api.internal/\n',
  'setPassword("§")',
  'redis://:§@db.internal:6379/0\n',
  'machine db.internal login app password §\n',
  'db.internal:5432:app:deploy:§\n',
  "client.login('deploy@mail.internal', '§')",
  '[client]\nuser=root\npassword=§\n',
  'spring.datasource.password=§\n',
  '#define DB_PASSWORD "§"\n',
  'setenv DB_PASSWORD §\n',
  'set -gx DB_PASSWORD §\n',
  '{:db {:password "§"}}',
  '{password, "§"}.',
  'Dim password As String = "§"',
  'db:\n  password: >-\n    §\n',
  'db:\n  password: |\n    §\n  host: x\n',
  "const password = process.env.DB_PASSWORD || '§'",
  'os.environ.get("DB_PASSWORD") or "§"',
  "$password = getenv('DB_PASSWORD') ?: '§';",
  '{"name":"DB_PASSWORD","value":"§"}',
  '{"key":"password","value":"§"}',
  '<Password>\n  <Value>§</Value>\n</Password>',
  'helm upgrade app --set image.tag=1,db.password=§ .\n',
  'kubectl create secret generic db --from-literal=password=§\n',
  'notes\n* password: §\n',
  '> password: §\n',
  'az sql server create --admin-password § --name x\n',
  'keytool -genkey -storepass § -alias x\n',
  'mount -t cifs //files/share /mnt -o username=deploy,password=§\n',
  'cd app; export DB_PASSWORD=§; make\n',
  'terraform apply -var="db_password=§"\n',
  'ansible-playbook site.yml -e "db_password=§"\n',
  'vault kv put secret/app password=§\n',
  '"db_password": {\n  "value": "§",\n  "type": "string"\n}',
  'storePassword "§"\n',
  'Map("password" -> "§")',
  'buildConfigField("String", "DB_PASSWORD", "\\"§\\"")',
  'ENV.fetch("DB_PASSWORD", "§")',
  'password: ${DB_PASSWORD:§}\n',
  '- DB_PASSWORD=${DB_PASSWORD:-§}\n',
  '**Password:** `§`\n',
  'mongosh db.internal/app -u admin -p §\n',
  'zip -r -P § out.zip data\n',
  'sqlcmd -S db -U sa -P § -Q x\n',
  'redis-cli -h cache.internal -a § ping\n',
  'ldapsearch -x -D cn=admin -w § -b dc=internal\n',
  "ssh-keygen -t ed25519 -N '§' -f key\n",
  '7z a -p§ out.7z data\n',
  'xfreerdp /v:host.internal /u:admin /p:§\n',
  'smbclient //files/share -U deploy%§\n',
  'lftp -u deploy,§ ftp.internal\n',
  'rabbitmqctl add_user app §\n',
  'htpasswd -bc .htpasswd admin §\n',
  'sqlplus app/§@orcl\n',
  'openssl rsa -in key.pem -passin pass:§\n',
  'echo "§" | sudo -S apt update\n',
  'echo "root:§" | chpasswd\n',
  'echo -n "§" | sudo cryptsetup luksOpen /dev/sda2 data -\n',
  'printf "§" | docker secret create db_password -\n',
  'htpasswd -b -c /etc/nginx/.htpasswd admin §\n',
  'ipmitool -H bmc.internal -U ADMIN -P § power status\n',
  'PsExec64 \\\\host -u CORP\\admin -p § cmd\n',
  'schtasks /create /tn job /ru CORP\\admin /rp §\n',
  'cmdkey /add:host /user:admin /pass:§\n',
  'bcp db.dbo.t out f -S host -U sa -P§ -c\n',
  'ejabberdctl register bot xmpp.internal §\n',
  'mysqladmin -u root password §\n',
  'expdp system/§@orcl dumpfile=x\n',
  'java -Djavax.net.ssl.keyStorePassword=§ -jar app.jar\n',
  'JAVA_OPTS="-Xmx1g -Dhttp.proxyPassword=§"\n',
  'backup --host db.internal --password=§ --all\n',
  '0 3 * * * PGPASSWORD=§ pg_dump -U app app > /backup\n',
  'Environment="DB_PASSWORD=§"\n',
  "INSERT INTO settings VALUES (1, 'smtp_password', '§');\n",
  'DBI->connect("dbi:mysql:app", "app", "§");\n',
  'client.username_pw_set("app", "§")\n',
  "new Sequelize('app', 'app', '§', { dialect: 'mysql' })\n",
  'set psksecret §\n',
  'user admin insecure-password §\n',
  'stats auth admin:§\n',
  'enable secret 0 §\n',
  'username admin privilege 15 password 0 §\n',
  'security-profiles set default wpa2-pre-shared-key=§\n',
  'crypto isakmp key § address 10.0.0.1\n',
  'snmp-server community § RO\n',
  'rwcommunity § 10.0.0.0/8\n',
  'rootpw --plaintext §\n',
  'd-i passwd/root-password password §\n',
  '<auth-user-pass>\nadmin\n§\n</auth-user-pass>\n',
  '<keyMaterial>§</keyMaterial>\n',
  'WIFI:S:Office;T:WPA;P:§;;\n',
  'set system login user admin authentication plain-text-password-value "§"\n',
  'ldap_default_authtok = §\n',
  'npmAuthIdent: "deploy:§"\n',
  'BUNDLE_GEMS__INTERNAL: "deploy:§"\n',
  "new PDO('mysql:host=db', 'app', '§');",
  "jwt.sign({ id }, '§')",
  ': PSK "§"\n',
  'wsrep_sst_auth=sst:§\n',
  '$p = ConvertTo-SecureString "§" -AsPlainText -Force',
  'net use Z: \\\\files\\share § /user:deploy\n',
  'new NetworkCredential("deploy", "§")',
  'DriverManager.getConnection("jdbc:mysql://db/app", "app", "§");',
  "CREATE USER app WITH PASSWORD '§';",
  'rootpw §\n',
  'create_engine("mysql+pymysql://app:§@db.internal/app")',
  'sql.Open("mysql", "app:§@tcp(db.internal:3306)/app")',
]

describe('a value without a shape', () => {
  it.each(ways)('is found in %j', (way) => {
    for (const value of [weak, random]) {
      const [hit, ...more] = found(way.replace('§', value))

      expect(hit?.value).toBe(value)
      expect(more).toEqual([])
    }
  })

  it('is of medium confidence where it looks drawn at random, else low', () => {
    expect(found(`DB_PASSWORD=${strong}\n`)).toEqual([{ confidence: 'medium', value: strong }])
    expect(found(`DB_PASSWORD=${weak}\n`)).toEqual([{ confidence: 'low', value: weak }])
    expect(found(`API_KEY=${random}\n`)).toEqual([{ confidence: 'medium', value: random }])
  })

  it('is of low confidence where the text around says that it is an example', () => {
    expect(found(`# example\nAPI_KEY=${random}\n`)[0]?.confidence).toBe('low')
  })

  it.each([
    'password = getPassword()',
    'password: $PASS',
    'password: ${{ secrets.DB_PASSWORD }}',
    'const password = process.env.DB_PASSWORD',
    'PASSWORD = os.environ["DB_PASSWORD"]',
    'password: "{{ db_password }}"',
    'password: <%= ENV["DB_PASSWORD"] %>',
    'password: string;',
    'function login(user: string, password: string): void {}',
    'password: "Enter your password"',
    'password: "Passwort"',
    '"password": "Mot de passe oublié"',
    'password: /^[a-z]{8,}$/',
    'password = "your_password"',
    'password: "********"',
    'password_file: /run/secrets/db',
    'PASSWORD=/run/secrets/db\n',
    'token = tokens[index + 1]',
    'token: "identifier"',
    'var token=e.token,secret=t.secret;',
    'secret: config.secret,',
    'input[type=password] { color: red }',
    'api_key: "vault:secret/data/app#key"',
    'passwordField: "password"',
    'max_tokens: 4096',
    'primary_key: "d41d8cd98f00b204e9800998ecf8427e"',
    '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP=="',
    'showPassword = "true"',
    "['password', 'username', 'token']",
    'grant_type: PASSWORD = "password"',
    'redis-cli -h host -p 6379 ping',
    'zip -r out.zip data',
    'snmp-server community $COMMUNITY RO',
    "INSERT INTO fields VALUES (1, 'password', 'username', 'token')",
    'enable secret 5 is what you want',
    'identified by the user; nothing else',
    'java -DkeyStorePassword=${STORE_PASSWORD} -jar app.jar',
    'tool --password=PASSWORD --token=TOKEN run',
    'usage: tool --password=<password> [--api-key=KEY]',
    'rootpw --plaintext {{ root_password }}',
    '<keyMaterial>{{ wlan_key }}</keyMaterial>',
    'ipmitool -H bmc -U ADMIN -P "$IPMI_PASSWORD" power status',
    'printf "%s" "$SECRET" | docker secret create db -',
    'BUNDLE_WITHOUT: db:job:cable',
    'echo "$PASSWORD" | sudo -S true',
    "jwt.verify(token, process.env['JWT_SECRET'])",
    '#define API_KEY "tls:share:x509:key"',
    'Authorization: AWS4-HMAC-SHA256 Credential=user/19700101/us-east-2/es/aws4_request, SignedHeaders=x',
    "fetch(url, { credentials: 'include' })",
    'PASS: ld-i386/nogot1\n',
    'PASS: gdb.base/list.exp: print $_exitcode\n',
    'Key-Key: 51:C4:0C:6D:7E:A5:6C:D8:8F:B4\n',
    "jwt.encode(claims, private_pem, 'RS256')",
    'error_per_key = 100000.0/first_set_max_id',
    'minipass "^5.0.0 || ^6.0.2 || ^7.0.0"\n',
    '/etc/passwd:eli:x:2098:1000:Eli:/home/eli:/bin/bash',
    'now accept --password for --key-info',
    'usage: login --password PASSWORD --token TOKEN',
    'the option --password prompts for one',
    'password: ${DB_PASSWORD:}\n',
    'password: ${DB_PASSWORD:?not set}\n',
    'the password is not known',
    'The secret is stored (encrypted) in v1.2',
    '**Password:** required',
    'this.password->value("x")',
    '"password": {"type": "string", "value": "Password"}',
    'access_key: "%env(PRIMARY_AWS_ACCESS_KEY_ID)%"',
    "FORMAT_KEY => '%rP%yY%mM%dDT%hH%iM%sS'",
    '{ CURLUPART_PASSWORD, "password" },',
    'if (options.password || "none") login()',
    'the password is "required"',
    '* password: the one of the user',
    'const password "x1"',
    'password: >-\n  ${DB_PASSWORD}\n',
    "const token = process.env.TOKEN || 'token'",
  ])('is not seen in %j', (text) => {
    expect(found(text)).toEqual([])
  })
})

describe('a password in prose', () => {
  it('is found where it looks drawn at random and is set apart', () => {
    expect(found(`The password is \`${random}\`.`)).toEqual([{ confidence: 'medium', value: random }])
  })

  it('is found where it is chosen with care and ends what is said', () => {
    const careful = ['lUHx', '%WtPLM', '@230'].join('')
    for (const text of [`Login: admin / Password: ${careful}\n`, `The password is ${careful}\n`])
      expect(found(text), text).toEqual([{ confidence: 'medium', value: careful }])
  })
})

describe('data of a Kubernetes Secret', () => {
  const data = `data:\n  app: ${Buffer.from(random).toString('base64')}\n`

  it('is found whatever its name, before and behind what says that it is one', () => {
    for (const manifest of [
      `kind: Secret\nmetadata:\n  name: app\n${data}`,
      `${data}kind: Secret\nmetadata:\n  name: app\n`,
    ])
      expect(found(manifest), manifest).toHaveLength(1)
  })

  it('is none in a manifest of another kind', () => {
    expect(found(`kind: ConfigMap\n${data}---\nkind: Secret\n`)).toEqual([])
  })
})

describe('a seed phrase', () => {
  it('may hold words that elsewhere mark a placeholder', () => {
    const phrase = 'test sample inside ability able about above absent absorb abstract absurd'.split(' ')
    const hits = bip39Ending(phrase).map((last) =>
      engine
        .scanBytes(Buffer.from(`mnemonic: ${[...phrase, last].join(' ')}\n`))
        .hits.map(({ detector }) => detector),
    )

    expect(hits).toEqual([['bip39-mnemonic']])
  })

  it('of a test network is nobody’s', () => {
    const phrase = `${'abandon '.repeat(11)}about`

    expect(found(`mnemonic: ${phrase}\n`)).toEqual([])
  })
})

/** The first word that makes the sum of a phrase right. */
function bip39Ending(phrase: readonly string[]): string[] {
  const check = detectors.find(({ id }) => id === 'bip39-mnemonic')?.check
  const words = [
    'abuse',
    'access',
    'accident',
    'account',
    'accuse',
    'achieve',
    'acid',
    'acoustic',
    'acquire',
    'across',
  ]
    .concat([
      'act',
      'action',
      'actor',
      'actress',
      'actual',
      'adapt',
      'add',
      'addict',
      'address',
      'adjust',
      'admit',
    ])
    .concat([
      'adult',
      'advance',
      'advice',
      'aerobic',
      'affair',
      'afford',
      'afraid',
      'again',
      'age',
      'agent',
      'agree',
    ])
  return words
    .filter((last) => check?.(Buffer.from([...phrase, last].join(' ')), 0).outcome === 'passed')
    .slice(0, 1)
}
