/** The verifier as an issuer uses it, against requests signed by the real sender. */
import { describe, expect, it } from 'vitest'
import {
  createReplayMemory,
  createRevokeHandler,
  createStatusHandler,
  createVerifier,
  feedback,
  type PublicKeys,
  parseMatches,
  tokenHash,
  VerificationError,
  type VerifierOptions,
} from '../../src/issuer-kit/index.ts'
import { signedHeaders } from '../../src/respond/revoke/sign.ts'
import { makeSigningKeys } from '../respond/signing.ts'

const now = Date.UTC(2026, 10, 24, 12)
const { keys, listing } = makeSigningKeys()
const body = Buffer.from('[{"source":"commit","token":"made-up","type":"acme_key","url":""}]')

function headersAt(at = now, id = 'delivery-1', content = body, signing = keys) {
  return signedHeaders({ id, prefix: 'Github', body: content, now: at }, signing)
}

function verifier(options: Partial<VerifierOptions> = {}) {
  return createVerifier({ keys: listing, now: () => now, ...options })
}

async function reason(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(VerificationError)
  return (error as VerificationError).reason
}

describe('a request', () => {
  it('of ours is verified, whatever the case of its headers', async () => {
    const lower = Object.fromEntries(Object.entries(headersAt()).map(([k, v]) => [k.toLowerCase(), v]))

    expect(await verifier().verify(body, headersAt())).toMatchObject({ deliveryId: 'delivery-1' })
    expect(await verifier().verify(body, lower)).toMatchObject({ repeated: false })
    expect(await verifier().verify(body, new Headers(lower))).toMatchObject({ repeated: false })
  })

  it('is refused when a header is missing, and told which family', async () => {
    for (const name of Object.keys(headersAt()).filter((each) => /webhook|Public-Key/.test(each))) {
      const { [name]: _gone, ...rest } = headersAt()
      expect(await reason(verifier().verify(body, rest))).toBe('missing_headers')
    }
  })

  it('is refused outside of five minutes, in both directions', async () => {
    await verifier().verify(body, headersAt(now - 299_000))
    await verifier().verify(body, headersAt(now + 299_000))
    expect(await reason(verifier().verify(body, headersAt(now - 302_000)))).toBe('too_old')
    expect(await reason(verifier().verify(body, headersAt(now + 302_000)))).toBe('too_new')
    const words = { ...headersAt(), 'webhook-timestamp': 'yesterday' }
    expect(await reason(verifier().verify(body, words))).toBe('too_old')
  })

  it('is refused when body, id or timestamp were changed after signing', async () => {
    const other = Buffer.from(body.toString().replace('made-up', 'another'))
    expect(await reason(verifier().verify(other, headersAt()))).toBe('bad_signature')
    const id = { ...headersAt(), 'webhook-id': 'delivery-2' }
    expect(await reason(verifier().verify(body, id))).toBe('bad_signature')
    const time = { ...headersAt(), 'webhook-timestamp': String(now / 1000 - 1) }
    expect(await reason(verifier().verify(body, time))).toBe('bad_signature')
  })

  it('signed by somebody else is refused', async () => {
    const stranger = makeSigningKeys().keys
    expect(await reason(verifier().verify(body, headersAt(now, 'd', body, stranger)))).toBe('unknown_key')
    const mixed = { ...stranger, body: { ...stranger.body, id: keys.body.id } }
    expect(await reason(verifier().verify(body, headersAt(now, 'd', body, mixed)))).toBe('bad_signature')
    const half = { ...keys, webhook: stranger.webhook }
    expect(await reason(verifier().verify(body, headersAt(now, 'd', body, half)))).toBe('bad_signature')
  })

  it('signed with a key that is no longer current is refused', async () => {
    const retired: PublicKeys = {
      ...listing,
      public_keys: listing.public_keys.map((key) => ({ ...key, is_current: false })),
    }
    expect(await reason(verifier({ keys: retired }).verify(body, headersAt()))).toBe('unknown_key')
  })

  it('counts as repeated once it was remembered, for a day', async () => {
    let clock = now
    const memory = createReplayMemory(() => clock)
    const check = verifier({ replayMemory: memory })

    const first = await check.verify(body, headersAt())
    const unfinished = await check.verify(body, headersAt())
    await first.remember()
    const second = await check.verify(body, headersAt())

    expect([first.repeated, unfinished.repeated, second.repeated]).toEqual([false, false, true])
    clock += 25 * 3_600_000
    expect(memory.seen('delivery-1')).toBe(false)
  })

  it('in the plain partner dialect is accepted only where the issuer says so', async () => {
    const plain = Object.fromEntries(
      Object.entries(headersAt()).filter(([name]) => !name.startsWith('webhook')),
    )

    expect(await reason(verifier().verify(body, plain))).toBe('missing_headers')
    const lenient = verifier({ allowWithoutTimestamp: true })
    expect(await lenient.verify(body, plain)).toMatchObject({ deliveryId: null, repeated: false })
  })
})

describe('the key listing', () => {
  function listingServer(first: PublicKeys) {
    const state = { listing: first, calls: 0, down: false }
    const fetch = async () => {
      state.calls++
      return state.down ? new Response('', { status: 500 }) : Response.json(state.listing)
    }
    return { state, fetch }
  }

  it('is fetched once and kept', async () => {
    const { state, fetch } = listingServer(listing)
    const check = createVerifier({ publicKeysUrl: 'https://keys.example/', fetch, now: () => now })

    await Promise.all([check.verify(body, headersAt()), check.verify(body, headersAt())])
    await check.verify(body, headersAt())

    expect(state.calls).toBe(1)
  })

  it('is asked again for an unknown key, but at most once a minute', async () => {
    let clock = now
    const { state, fetch } = listingServer({ public_keys: [] })
    const check = createVerifier({ publicKeysUrl: 'https://keys.example/', fetch, now: () => clock })

    for (let i = 0; i < 20; i++) {
      expect(await reason(check.verify(body, headersAt()))).toBe('unknown_key')
    }
    expect(state.calls).toBe(1)

    state.listing = listing
    clock += 61_000
    await check.verify(body, headersAt(clock))
    expect(state.calls).toBe(2)
  })

  it('that is down does not stop an issuer that has the keys already', async () => {
    let clock = now
    const { state, fetch } = listingServer(listing)
    const check = createVerifier({ publicKeysUrl: 'https://keys.example/', fetch, now: () => clock })
    await check.verify(body, headersAt())

    state.down = true
    clock += 3_600_000
    await check.verify(body, headersAt(clock))

    expect(state.calls).toBe(2)
  })

  it('that was never read makes the answer "try again later"', async () => {
    const { state, fetch } = listingServer(listing)
    state.down = true
    const check = createVerifier({ publicKeysUrl: 'https://keys.example/', fetch, now: () => now })

    const error = await check.verify(body, headersAt()).catch((caught: unknown) => caught)

    expect(error).toMatchObject({ reason: 'keys_unavailable', status: 503 })
  })

  it('must be given in exactly one way', () => {
    expect(() => createVerifier({})).toThrow(TypeError)
    expect(() => createVerifier({ keys: listing, publicKeysUrl: 'https://keys.example/' })).toThrow(TypeError)
  })
})

describe('the revoke handler', () => {
  it('answers with feedback by hash, and tells the issuer that a delivery is repeated', async () => {
    const calls: boolean[] = []
    const handle = createRevokeHandler({
      verifier: verifier(),
      async disable(match, delivery) {
        calls.push(delivery.repeated)
        return match.token === 'made-up' ? 'true_positive' : 'false_positive'
      },
    })

    const first = await handle(body, headersAt())
    const second = await handle(body, headersAt())

    expect(first.status).toBe(200)
    expect(JSON.parse(first.body)).toEqual([
      { token_hash: tokenHash('made-up'), token_type: 'acme_key', label: 'true_positive' },
    ])
    expect(second.body).toBe(first.body)
    expect(calls).toEqual([false, true])
  })

  it('does not remember a delivery that it failed to handle', async () => {
    let broken = true
    const handle = createRevokeHandler({
      verifier: verifier(),
      async disable(_match, delivery) {
        if (broken) throw new Error('database is down')
        return delivery.repeated ? 'false_positive' : 'true_positive'
      },
    })

    await expect(handle(body, headersAt())).rejects.toThrow('database is down')
    broken = false
    const answer = await handle(body, headersAt())

    expect(answer.body).toContain('true_positive')
  })

  it('answers a refusal with its status and nothing of the request', async () => {
    const handle = createRevokeHandler({ verifier: verifier(), disable: async () => 'true_positive' })

    const answer = await handle(body, {})

    expect(answer).toMatchObject({ status: 401, body: '{"error":"missing_headers"}' })
  })
})

describe('matches', () => {
  it.each(['', '{}', '[]', '[null]', '[{"token":1,"type":"a"}]', '[{"token":"a"}]', '\xff'])(
    'are refused when the body is %j',
    (text) => {
      expect(() => parseMatches(Buffer.from(text, 'latin1'))).toThrow(VerificationError)
    },
  )

  it("of GitLab's dialect have no source", () => {
    const [match] = parseMatches(Buffer.from('[{"type":"a","token":"b","url":"c"}]'))
    expect(match).toEqual({ token: 'b', type: 'a', url: 'c', source: 'unknown' })
  })

  it('are named in feedback by the hash of the token alone', () => {
    const entry = feedback({ token: 'abc', type: 't' }, 'false_positive')
    expect(entry.token_hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(Object.keys(entry)).toEqual(['token_hash', 'token_type', 'label'])
  })
})

describe('the status handler', () => {
  const ask = (hashes: unknown) => Buffer.from(JSON.stringify({ token_hashes: hashes }))
  const handle = createStatusHandler({
    verifier: verifier(),
    isActive: async (hash) =>
      hash === tokenHash('alive') ? true : hash === tokenHash('dead') ? false : null,
  })

  it('says of each hash whether the token works', async () => {
    const hashes = [tokenHash('alive'), tokenHash('dead'), tokenHash('never seen')]
    const question = ask(hashes)

    const answer = await handle(question, headersAt(now, 'q', question))

    const { statuses } = JSON.parse(answer.body) as { statuses: { active: boolean | null }[] }
    expect(statuses.map((each) => each.active)).toEqual([true, false, null])
  })

  it('answers nobody but us', async () => {
    const question = ask([tokenHash('alive')])
    expect((await handle(question, headersAt(now, 'q', ask([])))).status).toBe(401)
  })

  it.each([[[]], ['x'], [['x']], [Array.from({ length: 101 }, () => tokenHash('a'))]])(
    'refuses a question like %j',
    async (hashes) => {
      const question = ask(hashes)
      expect((await handle(question, headersAt(now, 'q', question))).status).toBe(400)
    },
  )
})
