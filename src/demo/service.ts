/** The service as the demo runs it: the embedded default, with the local world in place of the internet. */
import { createLog } from '../base/log.ts'
import { readConfig } from '../config/config.ts'
import { fingerprint } from '../findings/fingerprint.ts'
import type { QueueName } from '../model/jobs.ts'
import { Secret } from '../model/secret.ts'
import { roles, startService } from '../serve/service.ts'
import { countUnfinished } from '../store/unfinished.ts'
import { companyDomain, securityTeam } from './plan.ts'
import type { DemoWorld } from './world.ts'

export interface DemoService {
  url: string
  /** An admin token. */
  token: string
  mailFrom: string
  fingerprint(token: string, detector: string): string
  /** Rows that wait for something to be done: 0 when everything is through. */
  unfinished(): Promise<number>
  stop(): Promise<void>
}

export interface DemoServiceOptions {
  /** Nobody reads sources: what breaks when the workers are gone. */
  withoutReaders: boolean
  version: string
}

const mailFrom = `keyrecall@${companyDomain}`

/** The variables of a service that works in this world; for other processes too. */
export function demoVariables(home: string, world: DemoWorld): Record<string, string> {
  return {
    KEYRECALL_HOME: home,
    KEYRECALL_LISTEN: '127.0.0.1:0',
    LOG_LEVEL: 'error',
    GITHUB_TOKEN: world.github.token,
    GITHUB_API_URL: world.github.apiUrl,
    S3_ENDPOINT: world.s3.endpoint,
    S3_REGION: world.s3.region,
    AWS_ACCESS_KEY_ID: world.s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: world.s3.credentials.secretAccessKey,
    SMTP_URL: world.mailbox.url,
    MAIL_FROM: mailFrom,
    SECURITY_TEAM_EMAIL: securityTeam,
    OWNER_DOMAINS: companyDomain,
    ALLOW_PRIVATE_HOSTS: `${world.issuer.host},${new URL(world.github.gitUrl).host}`,
    DELIVERY_DELAYS_SECONDS: '0,1,2,4',
    CONFIRM_DELAYS_SECONDS: '1,2,5',
    RECOVER_SECONDS: '5',
  }
}

export async function startDemoService(
  home: string,
  world: DemoWorld,
  options: DemoServiceOptions,
): Promise<DemoService> {
  const variables = demoVariables(home, world)
  // The SDK reads its credentials from the environment of the process.
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: variables['AWS_ACCESS_KEY_ID'],
    AWS_SECRET_ACCESS_KEY: variables['AWS_SECRET_ACCESS_KEY'],
  })
  const config = readConfig(variables)
  const readers: QueueName[] = options.withoutReaders ? [] : ['scan']
  const service = await startService({
    config,
    roles: new Set(roles),
    version: options.version,
    queues: ['respond', 'upkeep', ...readers],
    log: createLog({ level: config.logLevel }),
  })
  if (service.url === null || service.firstToken === null)
    throw new Error('the demo needs a database of its own')
  return {
    url: service.url,
    token: service.firstToken,
    mailFrom,
    fingerprint: (token, detector) =>
      fingerprint(service.keys.fingerprint, new Secret(Buffer.from(token), detector), detector),
    unfinished: () => countUnfinished(service.db),
    stop: () => service.stop(),
  }
}
