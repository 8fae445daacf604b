/** What the steps of the response need, made from the configuration: guarded HTTP, mail, owners, delays. */
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { createOutbound } from '../base/outbound.ts'
import type { ServiceKeys } from '../base/service-key.ts'
import type { Config } from '../config/config.ts'
import type { Detector } from '../model/detector.ts'
import type { RespondDeps } from '../respond/deps.ts'
import { readDirectory } from '../respond/notify/directory.ts'
import { createMailer } from '../respond/notify/mailer.ts'

export interface ServiceRespond {
  deps: RespondDeps
  close(): Promise<void>
}

export async function createServiceRespond(parts: {
  config: Config
  detectors: readonly Detector[]
  log: Log
  metrics: Metrics
  keys: ServiceKeys
}): Promise<ServiceRespond> {
  const { config, detectors, log, metrics, keys } = parts
  const outbound = createOutbound({ allowPrivateHosts: config.allowPrivateHosts })
  const mailer =
    config.smtpUrl && config.mailFrom
      ? createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom })
      : null
  if (!mailer) log.warn('no mail server is configured: owners are not told; set SMTP_URL and MAIL_FROM')
  return {
    deps: {
      keys,
      outbound,
      log,
      metrics,
      detectors,
      mailer,
      owners: {
        directory: config.ownerDirectory ? await readDirectory(config.ownerDirectory) : [],
        ownerDomains: config.ownerDomains,
        securityTeam: config.securityTeamEmail ?? null,
      },
      deliveryDelays: config.deliveryDelaysSeconds,
      confirmDelays: config.confirmDelaysSeconds,
      noticeMaxWait: config.noticeMaxWaitSeconds,
      lease: config.leaseSeconds * 1_500,
      now: Date.now,
      random: Math.random,
    },
    async close() {
      mailer?.close()
      await outbound.close()
    },
  }
}
