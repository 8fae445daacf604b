/**
 * The small local world the demo runs against: a GitHub with real git, an S3 server, an issuer over TLS and a mail
 * server, all on the loopback and all gone at the end.
 */
import { type GithubWorld, startGithub } from './github/start.ts'
import { type Issuer, startIssuer } from './issuer/issuer.ts'
import { type Mailbox, startMailbox } from './mailbox.ts'
import { type DemoPlan, organisation, outsider } from './plan.ts'
import { plant } from './plant.ts'
import { type S3World, startS3 } from './s3/server.ts'

export interface DemoWorld {
  github: GithubWorld
  s3: S3World
  issuer: Issuer
  mailbox: Mailbox
  close(): Promise<void>
}

export interface WorldOptions {
  /** Where the service under demonstration publishes its signing keys; asked at the first delivery. */
  publicKeysUrl: () => string
}

/** The demo has no minute to wait for a search: GitHub's ten a minute, with the minute made a second. */
const searchLimit = { limit: 10, windowMilliseconds: 1_000 }

export async function startWorld(plan: DemoPlan, options: WorldOptions): Promise<DemoWorld> {
  const mailbox = await startMailbox()
  const issuer = await startIssuer({ publicKeysUrl: options.publicKeysUrl, smtpUrl: mailbox.url })
  const s3 = await startS3()
  const github = await startGithub({
    owners: [
      { login: organisation, type: 'Organization' },
      { login: outsider, type: 'User' },
    ],
    limits: { code_search: searchLimit },
  })
  for (const one of plan.planted) issuer.register(one.token, one.account)
  // Decoys are live in the issuer's records: touching one shows.
  for (const decoy of plan.decoys) issuer.register(decoy.token, `decoy-${decoy.name}@customers.test`)
  await plant(plan, { github, s3 })
  return {
    github,
    s3,
    issuer,
    mailbox,
    async close() {
      await Promise.all([github.close(), s3.close(), issuer.close()])
      await mailbox.close()
    },
  }
}
