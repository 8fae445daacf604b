/**
 * The configuration: environment variables, parsed once into one frozen object. Every variable stands here with its
 * description, from which the table in the README is printed (`describe.ts`). All are optional, no secret has a
 * default, and every problem is listed at once.
 */
import { z } from 'zod'
import { AppError } from '../model/errors.ts'
import {
  address,
  duration,
  flag,
  hostList,
  listen,
  pathText,
  secondsList,
  serviceKey,
  url,
  wordList,
} from './fields.ts'

const variables = z.object({
  KEYRECALL_HOME: pathText().describe(
    'Folder for the local key, the embedded database and clones; `~/.keyrecall`',
  ),
  DATABASE_URL: url('postgres:', 'postgresql:').describe(
    'PostgreSQL to use instead of the embedded one; needs KEYRECALL_SERVICE_KEY',
  ),
  REDIS_URL: url('redis:', 'rediss:').describe('Redis for the queue; without it the queue is in PostgreSQL'),
  KEYRECALL_SERVICE_KEY: serviceKey().describe(
    'Master key of fingerprints and sealed columns: 32 bytes in base64 (`openssl rand -base64 32`). ' +
      'Required with DATABASE_URL, the same on every machine',
  ),
  KEYRECALL_DETECTORS_FILE: pathText().describe(
    'YAML files with detectors of your own, as in PATH; the same on every machine',
  ),
  KEYRECALL_LISTEN: listen()
    .default('127.0.0.1:8787')
    .describe('Address and port of the API; `127.0.0.1:8787`'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Lowest level that is logged; `info`'),
  GITHUB_TOKEN: z
    .string()
    .min(1)
    .optional()
    .describe('Token for GitHub; without it only what is public, slowly'),
  GITHUB_API_URL: url('https:', 'http:').describe(
    'REST root of a GitHub Enterprise server; GitHub itself by default',
  ),
  S3_ENDPOINT: url('https:', 'http:').describe('An S3-compatible service; Amazon by default'),
  S3_REGION: z.string().min(1).optional().describe('Region of the buckets; what the SDK finds by default'),
  S3_FORCE_PATH_STYLE: flag().describe(
    '`true`: bucket names in the path, for an Amazon endpoint too; with S3_ENDPOINT they always are; `false`',
  ),
  S3_ANONYMOUS: flag().describe('`true`: requests are not signed, for public buckets; `false`'),
  SMTP_URL: url('smtp:', 'smtps:').describe(
    'Mail server, with user and password where it needs them; without it no mail',
  ),
  MAIL_FROM: address().describe('Sender of mails; needed with SMTP_URL'),
  SECURITY_TEAM_EMAIL: address().describe('Is told where no owner of a place is found'),
  OWNER_DOMAINS: wordList().describe(
    'Mail domains, `a.example,b.example`: addresses in commits are believed only there',
  ),
  OWNER_DIRECTORY: pathText().describe('JSON file that names the owners of repositories and buckets'),
  ALLOW_PRIVATE_HOSTS: hostList().describe(
    'Hosts, with port where given, that may be private addresses: `issuer.internal:8443,10.0.0.5`',
  ),
  GIT_ALLOW_FILE: flag().describe(
    '`true`: repositories on this machine may be scanned by the service; `false`',
  ),
  PUBLIC_URL: url('https:', 'http:').describe('Where people reach this service; for links in mails'),
  WORKER_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('Tasks a worker reads at once; `2`'),
  LEASE_SECONDS: duration(1, 3600)
    .default(30)
    .describe('After this long without a sign of life a task goes to another worker; `30`'),
  RECOVER_SECONDS: duration(1, 3600)
    .default(30)
    .describe('How often work that was lost by a queue is looked for; `30`'),
  NOTICE_MAX_WAIT_SECONDS: duration(0, 86_400)
    .default(900)
    .describe('An owner is told after this long even if a scan still runs; `900`'),
  CONFIRM_DELAYS_SECONDS: secondsList([60, 300, 1800]).describe(
    'When an accepted revocation is looked up at its issuer; `60,300,1800`',
  ),
  DELIVERY_DELAYS_SECONDS: secondsList([
    0, 5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
  ]).describe(
    'Waits before each attempt of a webhook; `0,5,30,120,600,1800,7200,18000,36000,50400,72000,86400`',
  ),
  GIT_TIMEOUT_SECONDS: duration(1, 86_400)
    .default(1800)
    .describe('A clone or fetch is ended after this long; `1800`'),
  GIT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(10 * 1024 ** 3)
    .describe('A larger repository is not cloned; `10737418240`'),
  GIT_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(10 * 1024 ** 3)
    .describe('Clones used longest ago are removed when all take more than this; `10737418240`'),
})

export type VariableName = keyof (typeof variables)['shape']

/** Every variable with its description, in the order of the table. */
export const variableDescriptions: readonly { name: VariableName; description: string }[] = Object.entries(
  variables.shape,
).map(([name, schema]) => ({ name: name as VariableName, description: schema.description ?? '' }))

export type Config = Readonly<ReturnType<typeof shape>>

/** @throws AppError (config) that lists every problem, by variable and never with a value */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is one that is not set: that is how compose files leave them out.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = variables.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`)
  problems.push(...conflicts(given))
  if (!parsed.success || problems.length > 0) {
    throw new AppError(
      'config',
      `the configuration cannot be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
  return Object.freeze(shape(parsed.data))
}

function conflicts(given: Readonly<Record<string, unknown>>): string[] {
  const problems = []
  if (given['DATABASE_URL'] !== undefined && given['KEYRECALL_SERVICE_KEY'] === undefined) {
    problems.push(
      'KEYRECALL_SERVICE_KEY: must be set with DATABASE_URL, the same on every machine; `openssl rand -base64 32` makes one',
    )
  }
  if (given['SMTP_URL'] !== undefined && given['MAIL_FROM'] === undefined) {
    problems.push('MAIL_FROM: must be set with SMTP_URL')
  }
  return problems
}

function shape(values: z.infer<typeof variables>) {
  return {
    home: values.KEYRECALL_HOME,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    serviceKey: values.KEYRECALL_SERVICE_KEY,
    detectorsFile: values.KEYRECALL_DETECTORS_FILE,
    listen: values.KEYRECALL_LISTEN,
    logLevel: values.LOG_LEVEL,
    githubToken: values.GITHUB_TOKEN,
    githubApiUrl: values.GITHUB_API_URL,
    s3Endpoint: values.S3_ENDPOINT,
    s3Region: values.S3_REGION,
    s3ForcePathStyle: values.S3_FORCE_PATH_STYLE,
    s3Anonymous: values.S3_ANONYMOUS,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    securityTeamEmail: values.SECURITY_TEAM_EMAIL,
    ownerDomains: values.OWNER_DOMAINS,
    ownerDirectory: values.OWNER_DIRECTORY,
    allowPrivateHosts: values.ALLOW_PRIVATE_HOSTS,
    gitAllowFile: values.GIT_ALLOW_FILE,
    publicUrl: values.PUBLIC_URL,
    workerConcurrency: values.WORKER_CONCURRENCY,
    leaseSeconds: values.LEASE_SECONDS,
    recoverSeconds: values.RECOVER_SECONDS,
    noticeMaxWaitSeconds: values.NOTICE_MAX_WAIT_SECONDS,
    confirmDelaysSeconds: values.CONFIRM_DELAYS_SECONDS,
    deliveryDelaysSeconds: values.DELIVERY_DELAYS_SECONDS,
    gitTimeoutSeconds: values.GIT_TIMEOUT_SECONDS,
    gitMaxBytes: values.GIT_MAX_BYTES,
    gitCacheBytes: values.GIT_CACHE_BYTES,
  }
}

/** The values that may never show in a log: give them to `createLog` as `scrub`. */
export function secretsOf(config: Config): string[] {
  const secrets = [config.githubToken, config.serviceKey?.toString('base64')]
  for (const text of [config.databaseUrl, config.redisUrl, config.smtpUrl]) {
    if (text === undefined) continue
    const { password } = new URL(text)
    secrets.push(password, decoded(password))
  }
  return [...new Set(secrets)].filter((secret): secret is string => secret !== undefined && secret !== '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
