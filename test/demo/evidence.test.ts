/** What the demo may claim, from made-up records and mails: all well first, then one thing wrong at a time. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Collected, type SeenFinding, weigh } from '../../src/demo/evidence.ts'
import type { ReceivedMail } from '../../src/demo/mailbox.ts'
import { carelessOwner, forgedAuthor, type Planted, planDemo } from '../../src/demo/plan.ts'

const plan = planDemo(3)
const leaks = plan.planted.length
const mailFrom = 'keyrecall@acme.test'
const startedAt = Date.parse('2026-11-24T10:00:00Z')

const well = {
  planted: leaks,
  found: leaks,
  disabled: leaks,
  mailed: leaks,
  decoys_touched: 0,
  stray_mails: [],
  repeated_mails: [],
}

/** What is seen when everything went as it should. */
function seen(): Collected {
  return {
    plan,
    fingerprint,
    findings: plan.planted.map(findingOf),
    records: [
      ...plan.planted.map(({ token, account }) => record(token, account, true)),
      ...plan.decoys.map(({ token, name }) => record(token, `decoy-${name}@customers.test`, false)),
    ],
    mails: [
      ...plan.planted.map((one) => mail('issuer@issuer.test', one.account, 'your token was disabled')),
      ...plan.planted
        .filter((one) => one.owner !== carelessOwner)
        .map((one) => mail(mailFrom, one.owner, shown(one))),
      mail(mailFrom, carelessOwner, plan.planted.filter(isCareless).map(shown).join('\n')),
    ],
    mailFrom,
    startedAt,
  }
}

function isCareless(one: Planted): boolean {
  return one.owner === carelessOwner
}

function fingerprint(token: string, detector: string): string {
  return createHash('sha256').update(`${detector} ${token}`).digest('hex')
}

/** As a mail names it. */
function shown(one: Planted): string {
  return `fingerprint ${fingerprint(one.token, one.detector).slice(0, 12)}`
}

function findingOf(one: Planted): SeenFinding {
  return {
    id: one.name,
    fingerprint: fingerprint(one.token, one.detector),
    detector: one.detector,
    kind: 'token',
    secret_redacted: 'made…',
    check: 'checksum',
    check_passed: true,
    label: null,
    places: [{ type: 'commit', path: one.name }],
    places_count: 1,
    first_seen: '2026-11-24T10:00:01Z',
    revocation: { status: 'confirmed', outcome: 'true_positive', completed_at: '2026-11-24T10:00:03Z' },
  }
}

function record(token: string, account: string, disabled: boolean): Collected['records'][number] {
  return {
    token_sha256: createHash('sha256').update(token).digest('hex'),
    account,
    disabled_at: disabled ? '2026-11-24T10:00:02Z' : null,
    disable_count: disabled ? 1 : 0,
    deliveries: disabled ? ['d1'] : [],
  }
}

function mail(from: string, to: string, text: string): ReceivedMail {
  return {
    envelope: { from, to: [to] },
    headers: {},
    messageId: `<${to}>`,
    subject: 'A leak',
    text,
    source: `To: ${to}\r\n\r\n${text}`,
  }
}

const first = plan.planted[0] as Planted

describe('the evidence', () => {
  it('says all is well when it is', () => {
    const evidence = weigh(seen())

    expect(evidence).toMatchObject(well)
    expect(evidence.credentials[0]).toMatchObject({
      name: first.name,
      detector: first.detector,
      check: 'checksum passed',
      state: 'confirmed',
      outcome: 'true_positive',
      holder_mail: { to: first.account },
      mail: { to: first.owner, subject: 'A leak' },
      seconds: 2,
    })
  })

  it('takes the issuer at its records, not the service at its word', () => {
    const all = seen()
    const records = all.records.map((one, index) =>
      index === 0 ? record(first.token, first.account, false) : one,
    )

    expect(weigh({ ...all, records })).toMatchObject({ ...well, disabled: leaks - 1 })
  })

  it('does not count a credential that was disabled twice', () => {
    const all = seen()
    const records = all.records.map((one, index) => (index === 0 ? { ...one, disable_count: 2 } : one))

    expect(weigh({ ...all, records }).disabled).toBe(leaks - 1)
  })

  it('misses what was not found, and tells what state it is in', () => {
    const all = seen()

    const evidence = weigh({ ...all, findings: all.findings.slice(1) })

    expect(evidence.found).toBe(leaks - 1)
    expect(evidence.credentials[0]).toMatchObject({ state: 'not found', check: null, secret_redacted: null })
  })

  it.each([
    ['the holder was not mailed by the issuer', (one: ReceivedMail) => one.envelope.to[0] !== first.account],
    ['the owner was not mailed', (one: ReceivedMail) => one.envelope.to[0] !== first.owner],
  ])('counts a credential as told of only to all: %s', (_, kept) => {
    const all = seen()

    expect(weigh({ ...all, mails: all.mails.filter(kept) })).toMatchObject({ ...well, mailed: leaks - 1 })
  })

  it('does not take a mail about another credential for one about this', () => {
    const all = seen()
    const mails = all.mails.map((one) =>
      one.envelope.to[0] === first.owner ? { ...one, text: shown(plan.planted[1] as Planted) } : one,
    )

    expect(weigh({ ...all, mails }).mailed).toBe(leaks - 1)
  })

  it.each([
    ['was disabled', { disable_count: 1 }],
    ['was reported', { deliveries: ['d9'] }],
  ])('counts a decoy as touched that %s', (_, change) => {
    const all = seen()
    const records = all.records.map((one, index) => (index === leaks ? { ...one, ...change } : one))

    expect(weigh({ ...all, records }).decoys_touched).toBe(1)
  })

  it('counts a decoy as touched whose holder was mailed', () => {
    const all = seen()
    const mails = [...all.mails, mail('issuer@issuer.test', 'decoy-placeholder@customers.test', 'disabled')]

    expect(weigh({ ...all, mails })).toMatchObject({ decoys_touched: 1 })
  })

  it('names addresses that nobody should have written to', () => {
    const all = seen()
    const mails = [
      ...all.mails,
      mail(mailFrom, forgedAuthor, 'a leak'),
      mail(mailFrom, forgedAuthor, 'again'),
    ]

    expect(weigh({ ...all, mails }).stray_mails).toEqual([forgedAuthor])
  })

  it('names an owner who was told of one credential twice', () => {
    const all = seen()

    expect(
      weigh({ ...all, mails: [...all.mails, mail(mailFrom, first.owner, shown(first))] }).repeated_mails,
    ).toEqual([first.owner])
  })

  it('names an owner of six who got six mails and no digest', () => {
    const all = seen()
    const mails = [
      ...all.mails.filter((one) => one.envelope.to[0] !== carelessOwner),
      ...plan.planted.filter(isCareless).map((one) => mail(mailFrom, carelessOwner, shown(one))),
    ]

    expect(weigh({ ...all, mails })).toMatchObject({ ...well, repeated_mails: [carelessOwner] })
  })
})
