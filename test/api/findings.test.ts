/** Findings over the API: lists with filters and cursors, one finding, triage, locations. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/api/cursor.ts'
import { type Answer, type ApiWorld, apiWorld } from './api-world.ts'

let world: ApiWorld
let ids: string[]
beforeAll(async () => {
  world = await apiWorld()
  ids = []
  for (let count = 0; count < 5; count++) ids.push(await world.addFinding())
})
afterAll(() => world.close())

const idsOf = (answer: Answer): string[] => answer.body.map((one: { id: string }) => one.id)

/** The target of a link with this relation; undefined when there is none. */
function link(answer: Answer, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec(answer.headers['link'] ?? '')?.[1]
}

describe('a finding', () => {
  test('has the fields of the command line, its triage and its places, and no secret', async () => {
    const answer = await world.ask('read', 'GET', `/v1/findings/${ids[0]}`)

    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      id: ids[0],
      detector: 'acme-key',
      secret_redacted: 'acme…',
      check: 'checksum',
      check_passed: true,
      confidence: 'high',
      validity: 'unknown',
      label: null,
      state: 'open',
      resolution: null,
      revocation: null,
      places: [{ type: 'commit', path: 'src/1.env', start_line: 1, commit_sha: 'ab'.repeat(20) }],
      places_count: 1,
      locations_url: `/v1/findings/${ids[0]}/locations`,
    })
    expect(answer.body.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(Object.keys(answer.body)).not.toContain('secret')
  })

  test('that is not there is 404, and an id that is no UUID is 400', async () => {
    const missing = await world.ask('read', 'GET', `/v1/findings/${randomUUID()}`)
    const broken = await world.ask('read', 'GET', '/v1/findings/17')

    expect(missing.status).toBe(404)
    expect(missing.body.type).toBe('urn:keyrecall:problem:not-found')
    expect(broken.status).toBe(400)
    expect(broken.body.errors).toMatchObject([{ in: 'path', pointer: '/id' }])
  })

  test('has its places listed with their source', async () => {
    const answer = await world.ask('read', 'GET', `/v1/findings/${ids[1]}/locations`)

    expect(answer.body).toMatchObject([
      { type: 'commit', details: { path: 'src/2.env', start_line: 1, byte_end: 8 } },
    ])
    expect(answer.body[0].source_id).toMatch(/^[0-9a-f-]{36}$/)
    expect((await world.ask('read', 'GET', `/v1/findings/${randomUUID()}/locations`)).status).toBe(404)
  })
})

describe('the list of findings', () => {
  test('is newest first, and oldest first when asked', async () => {
    const newest = await world.ask('read', 'GET', '/v1/findings')
    const oldest = await world.ask('read', 'GET', '/v1/findings?direction=asc')

    expect(idsOf(newest)).toEqual([...ids].reverse())
    expect(idsOf(oldest)).toEqual(ids)
    expect(newest.headers['link']).toBeUndefined()
  })

  test('can be walked by its links to the end and back, while findings are added', async () => {
    const first = await world.ask('read', 'GET', '/v1/findings?per_page=2')
    const added = await world.addFinding()
    const second = await world.ask('read', 'GET', link(first, 'next') ?? '')
    const third = await world.ask('read', 'GET', link(second, 'next') ?? '')
    const back = await world.ask('read', 'GET', link(third, 'prev') ?? '')
    const start = await world.ask('read', 'GET', link(back, 'prev') ?? '')
    const before = await world.ask('read', 'GET', link(start, 'prev') ?? '')

    const walked = [first, second, third].flatMap(idsOf)
    expect(walked).toEqual([...ids].reverse())
    expect(link(first, 'prev')).toBeUndefined()
    expect(link(third, 'next')).toBeUndefined()
    expect(idsOf(back)).toEqual(idsOf(second))
    expect(idsOf(start)).toEqual(idsOf(first))
    expect(idsOf(before)).toEqual([added])
    expect(link(before, 'prev')).toBeUndefined()
    ids.push(added)
  })

  test('keeps filters in its links', async () => {
    const answer = await world.ask('read', 'GET', '/v1/findings?per_page=1&state=open&detector=acme-key')

    expect(link(answer, 'next')).toMatch(/^\/v1\/findings\?per_page=1&state=open&detector=acme-key&after=/)
  })

  test('sorted by change, begins with what changed last', async () => {
    await world.ask('triage', 'PATCH', `/v1/findings/${ids[2]}`, { assignee: 'kim' })

    const answer = await world.ask('read', 'GET', '/v1/findings?sort=updated&per_page=1')

    expect(idsOf(answer)).toEqual([ids[2]])
  })

  test('is filtered by every filter it offers', async () => {
    const other = await world.addFinding({
      detector: 'other-key',
      place: { path: 'deep/100%_odd.txt' },
      hit: { confidence: 'medium', label: 'canary', issuer: 'other', check: 'none', checkPassed: null },
    })
    await world.ask('triage', 'PATCH', `/v1/findings/${other}`, { state: 'resolved', resolution: 'wont_fix' })
    const { body: finding } = await world.ask('read', 'GET', `/v1/findings/${other}`)
    const { body: places } = await world.ask('read', 'GET', `/v1/findings/${other}/locations`)
    const all = ids.length + 1
    const cases: [string, number][] = [
      ['state=resolved', 1],
      ['state=open', all - 1],
      ['state=open,resolved', all],
      ['resolution=wont_fix', 1],
      ['resolution=wont_fix,revoked', 1],
      ['resolution=revoked', 0],
      ['validity=unknown', all],
      ['validity=active', 0],
      ['confidence=medium', 1],
      ['confidence=low', 0],
      ['label=canary', 1],
      ['label=none', all - 1],
      ['label=none,canary', all],
      ['detector=other-key', 1],
      ['detector=other-key,acme-key', all],
      ['exclude_detectors=acme-key', 1],
      ['issuer=other', 1],
      ['assignee=kim', 1],
      ['assignee=*', 1],
      ['assignee=none', all - 1],
      [`scan_id=${finding.first_scan_id}`, all],
      [`scan_id=${randomUUID()}`, 0],
      [`source_id=${places[0].source_id}`, all],
      [`source_id=${randomUUID()}`, 0],
      ['q=ODD', 1],
      ['q=100%25_', 1],
      ['q=%25', 1],
      ['q=_odd', 1],
      ['q=src', all - 1],
      ['state=resolved&confidence=high', 0],
    ]
    for (const [query, expected] of cases) {
      const answer = await world.ask('read', 'GET', `/v1/findings?per_page=100&${query}`)
      expect([query, answer.status, answer.body.length]).toEqual([query, 200, expected])
    }
    ids.push(other)
  })

  test('refuses what is no filter, no value of one, or two that exclude each other', async () => {
    const cases: [string, string][] = [
      ['colour=red', '/colour'],
      ['state=shut', '/state/0'],
      ['state=', '/state'],
      ['state=open&state=resolved', '/state'],
      ['per_page=0', '/per_page'],
      ['per_page=101', '/per_page'],
      ['per_page=many', '/per_page'],
      ['sort=size', '/sort'],
      ['source_id=7', '/source_id'],
      ['detector=a&exclude_detectors=b', '/exclude_detectors'],
      ['before=a&after=b', '/before'],
      ['q=a%00b', '/q'],
      [`q=${'x'.repeat(201)}`, '/q'],
    ]
    for (const [query, pointer] of cases) {
      const answer = await world.ask('read', 'GET', `/v1/findings?${query}`)
      expect([query, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([query, 400, pointer])
    }
  })

  test('refuses broken cursors and those of another order', async () => {
    const page = await world.ask('read', 'GET', '/v1/findings?per_page=1')
    const good = new URL(link(page, 'next') ?? '', 'http://x').searchParams.get('after') ?? ''
    const order = 'findings created desc'
    const id = randomUUID()
    const made = [
      '2026-99-99T00:00:00.000000Z',
      '2026-02-30T00:00:00.000000Z',
      '0000-01-01T00:00:00.000000Z',
      '7',
    ]
      .map((key) => encodeCursor({ order, key, id }))
      .concat(encodeCursor({ order, key: '2026-01-01T00:00:00.000000Z', id: '7' }))

    for (const bad of ['x', 'bm9uc2Vuc2U', `${good}x`, good.slice(0, -3), ...made]) {
      for (const side of ['before', 'after']) {
        const answer = await world.ask('read', 'GET', `/v1/findings?${side}=${bad}`)
        expect([bad, answer.status, answer.body.type]).toEqual([
          bad,
          400,
          'urn:keyrecall:problem:invalid-cursor',
        ])
      }
    }
    const turned = await world.ask('read', 'GET', `/v1/findings?direction=asc&after=${good}`)
    expect(turned.body.type).toBe('urn:keyrecall:problem:invalid-cursor')
    const elsewhere = await world.ask('admin', 'GET', `/v1/audit?after=${good}`)
    expect(elsewhere.body.type).toBe('urn:keyrecall:problem:invalid-cursor')
    const number = encodeCursor({ order: 'audit desc', key: '9'.repeat(18), id: '9'.repeat(18) })
    expect((await world.ask('admin', 'GET', `/v1/audit?after=${number}`)).status).toBe(200)
  })
})

describe('triage', () => {
  test('resolves with a resolution and a comment, and reopens', async () => {
    const id = await world.addFinding()

    const resolved = await world.ask('triage', 'PATCH', `/v1/findings/${id}`, {
      state: 'resolved',
      resolution: 'used_in_tests',
      resolution_comment: '  a fixture ',
    })
    const reopened = await world.ask('triage', 'PATCH', `/v1/findings/${id}`, { state: 'open' })

    expect(resolved.body).toMatchObject({
      state: 'resolved',
      resolution: 'used_in_tests',
      resolution_comment: 'a fixture',
    })
    expect(resolved.body.resolved_by).toMatch(/^token:/)
    expect(resolved.body.resolved_at).not.toBeNull()
    expect(reopened.body).toMatchObject({ state: 'open', resolution: null, resolved_at: null })
    const audit = await world.ask('admin', 'GET', `/v1/audit?subject_type=finding&subject_id=${id}`)
    const actions = audit.body.map((event: { action: string }) => event.action)
    expect(actions).toEqual(['finding.reopened', 'finding.resolved', 'finding.created'])
  })

  test('answers 422 when nothing changes or state and resolution do not go together', async () => {
    const id = await world.addFinding()
    const bodies = [
      {},
      { state: 'open' },
      { state: 'resolved' },
      { resolution_comment: 'alone' },
      { state: 'open', resolution: 'revoked' },
    ]
    for (const body of bodies) {
      const answer = await world.ask('triage', 'PATCH', `/v1/findings/${id}`, body)
      expect([body, answer.status]).toEqual([body, 422])
    }
  })

  test('refuses unknown members and values, each with a pointer', async () => {
    const cases: [object, string][] = [
      [{ state: 'closed' }, '/state'],
      [{ resolution: 'done' }, '/resolution'],
      [{ state: 'open', 'a/b~': 1 }, '/a~1b~0'],
      [{ assignee: ' ' }, '/assignee'],
      [{ assignee: 'a\0b' }, '/assignee'],
      [{ resolution_comment: 'x'.repeat(501) }, '/resolution_comment'],
    ]
    for (const [body, pointer] of cases) {
      const answer = await world.ask('triage', 'PATCH', `/v1/findings/${ids[0]}`, body)
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer])
    }
    const missing = await world.ask('triage', 'PATCH', `/v1/findings/${randomUUID()}`, { assignee: 'kim' })
    expect(missing.status).toBe(404)
  })
})
