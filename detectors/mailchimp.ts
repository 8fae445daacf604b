/** Mailchimp: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { inside } from './checks/shape.ts'

export const mailchimp: readonly Detector[] = [
  inside(
    {
      id: 'mailchimp-api-key',
      issuer: 'Mailchimp',
      kind: 'API key',
      docs: 'https://mailchimp.com/developer/marketing/docs/fundamentals/',
      anchors: ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
      pattern: '[0-9a-f]{32}-us[1-9][0-9]?',
      notAfter: 'A-Za-z0-9_-',
      maxLength: 37,
      minEntropy: 3,
      revoke: 'dashboard only',
    },
    32,
  ),
]
