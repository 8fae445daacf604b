/**
 * The API on a real database, with every answer checked on its way to the test: against the OpenAPI document, and
 * for a planted credential, which no answer may hold in any spelling.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { createApi } from '../../src/api/app.ts'
import { mintToken } from '../../src/api/auth/mint-token.ts'
import type { ApiDeps, EndpointProof } from '../../src/api/deps.ts'
import { createLog } from '../../src/base/log.ts'
import { createMetrics } from '../../src/base/metrics.ts'
import { deriveKeys } from '../../src/base/service-key.ts'
import { recordHits } from '../../src/findings/record.ts'
import type { Place } from '../../src/model/blob.ts'
import type { Hit } from '../../src/model/hit.ts'
import { Secret } from '../../src/model/secret.ts'
import { approve, reject } from '../../src/respond/plan.ts'
import type { Db } from '../../src/store/database.ts'
import { createScan } from '../../src/store/scans.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { testDatabase } from '../support/postgres.ts'

export type Who = 'read' | 'triage' | 'admin' | 'second' | 'nobody'

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  /** The parsed body; undefined when there is none or it is no JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- its shape was checked against the document
  body: any
  text: string
}

/** A request as it stands. */
export type Sent = InjectOptions & { url: string }

export interface ApiWorld {
  app: FastifyInstance
  db: Db
  deps: ApiDeps
  tokens: Record<Exclude<Who, 'nobody'>, string>
  /** The credential inside every finding of `addFinding`. */
  planted: string
  /** Everything that was logged. */
  logged(): string
  proof: EndpointProof
  ask(
    who: Who,
    method: string,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Sends as it stands, and checks the answer all the same. */
  inject(options: Sent): Promise<Answer>
  addFinding(options?: { detector?: string; place?: Partial<Place>; hit?: Partial<Hit> }): Promise<string>
  close(): Promise<void>
}

export const detectors = [{ id: 'acme-key' }, { id: 'other-key' }]

export async function apiWorld(options: Partial<ApiDeps> = {}): Promise<ApiWorld> {
  const database = await testDatabase()
  const { db } = database
  const keys = deriveKeys(randomBytes(32), 1)
  const planted = `acme_${randomBytes(18).toString('hex')}`
  let logged = ''
  const destination = new PassThrough()
  destination.on('data', (chunk: Buffer) => {
    logged += chunk.toString()
  })
  const world = {
    proof: { deliveryId: randomUUID(), proven: true, status: 200, outcome: 'delivered' } as EndpointProof,
  }
  const respond = { keys, detectors }
  const deps: ApiDeps = {
    db,
    keys,
    detectors,
    log: createLog({ level: 'info', destination }),
    metrics: createMetrics(),
    version: '0.0.0',
    approve: (id, actor, reason) => approve(db, respond, id, actor, reason),
    reject: (id, actor, reason) => reject(db, id, actor, reason),
    proveEndpoint: async () => world.proof,
    rateLimits: { perAddress: 100_000, perToken: 100_000 },
    ...options,
  }
  const app = await createApi(deps)
  const tokens = {
    read: await mintToken(db, { name: 'read', scopes: ['read'] }),
    triage: await mintToken(db, { name: 'triage', scopes: ['triage'] }),
    admin: await mintToken(db, { name: 'admin', scopes: ['admin'] }),
    second: await mintToken(db, { name: 'second', scopes: ['admin'] }),
  }
  await app.ready()
  const check = answerCheck(app)
  let count = 0

  const inject = async (request: Sent): Promise<Answer> => {
    const response = await app.inject(request)
    const text = response.body
    const headers = response.headers as Record<string, string | undefined>
    const json = /json/.test(headers['content-type'] ?? '') && text !== ''
    const answer: Answer = {
      status: response.statusCode,
      headers,
      text,
      body: json ? JSON.parse(text) : undefined,
    }
    check(request.method ?? 'GET', request.url, answer)
    const everything = JSON.stringify(headers) + text
    for (const spelling of [
      planted,
      Buffer.from(planted).toString('base64'),
      Buffer.from(planted).toString('hex'),
    ]) {
      if (everything.includes(spelling)) throw new Error(`${request.url} answered the planted credential`)
    }
    return answer
  }

  return Object.assign(world, {
    app,
    db,
    deps,
    tokens,
    planted,
    logged: () => logged,
    inject,
    ask: (who: Who, method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
      inject({
        method: method as 'GET',
        url,
        headers: { ...(who === 'nobody' ? {} : { authorization: `Bearer ${tokens[who]}` }), ...headers },
        ...(body === undefined ? {} : { payload: body as object }),
      }),
    async addFinding(wanted: { detector?: string; place?: Partial<Place>; hit?: Partial<Hit> } = {}) {
      count += 1
      const target = { name: 'github:acme', target: 'github:acme', authority: 'owned' as const }
      const task = { kind: 'github-owner-page' as const, owner: 'acme', page: 1 }
      const source = await ensureSource(db, { ...target, firstTask: task }, 'test')
      const scan = await createScan(db, {
        startedBy: 'test',
        firstTasks: [{ sourceId: source.id, task }],
        runKey: 'one',
      })
      const hit: Hit = {
        detector: wanted.detector ?? 'acme-key',
        issuer: 'acme',
        kind: 'API key',
        secret: new Secret(Buffer.from(`${planted}${count}`), 'acme-key'),
        redacted: 'acme…',
        check: 'checksum',
        checkPassed: true,
        checkBits: 32,
        confidence: 'high',
        label: null,
        facts: {},
        span: { start_line: 1, start_column: 1, end_line: 1, end_column: 9, byte_start: 0, byte_end: 8 },
        decoding: [],
        ...wanted.hit,
      }
      const place: Place = {
        type: 'commit',
        path: `src/${count}.env`,
        commit_sha: 'ab'.repeat(20),
        ...wanted.place,
      }
      const recorded = await recordHits(
        db,
        { keys },
        { scanId: scan.id, sourceId: source.id, found: [{ hit, places: [place] }] },
      )
      const [id] = recorded.newFindings
      if (id === undefined) throw new Error('the finding was there before')
      return id
    },
    async close() {
      await app.close()
      await database.drop()
    },
  })
}

/** Throws unless the document has this operation, this status and this media type, and the body fits its schema. */
function answerCheck(app: FastifyInstance): (method: string, url: string, answer: Answer) => void {
  const document = app.swagger() as unknown as OpenapiDocument
  const ajv = documentAjv(document)
  const compiled = new Map<string, ValidateFunction>()
  const templates = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return (method, url, answer) => {
    const path = templates.find(({ pattern }) => pattern.test(url.split('?')[0] ?? ''))?.path
    const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()]
    // Nothing is documented for paths and methods that are not there; they answer problems.
    const pointer =
      path === undefined || operation === undefined
        ? '#/components/schemas/Problem'
        : pointerTo(path, method.toLowerCase(), answer, operation)
    if (pointer === undefined) return
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi${pointer}` })
    compiled.set(pointer, validate)
    const value = answer.body ?? answer.text
    if (!validate(value)) {
      throw new Error(
        `${method} ${url} answered ${answer.status} off the document: ${ajv.errorsText(validate.errors)}`,
      )
    }
  }
}

function pointerTo(path: string, method: string, answer: Answer, operation: Operation): string | undefined {
  const response = operation.responses[String(answer.status)]
  if (response === undefined)
    throw new Error(`${method} ${path}: ${answer.status} is not documented\n${answer.text}`)
  if (answer.text === '') return undefined
  const media = (answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (response.content?.[media] === undefined) {
    throw new Error(`${method} ${path}: ${answer.status} is not documented as ${media}`)
  }
  const parts = ['paths', path, method, 'responses', String(answer.status), 'content', media, 'schema']
  return `#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
}

export interface Operation {
  summary?: string
  tags?: string[]
  security: { bearer?: string[] }[]
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}

export interface OpenapiDocument {
  openapi: string
  info: { title: string; version: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}

/** A validator that knows the document as `openapi`. */
export function documentAjv(document: OpenapiDocument): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addFormat('uuid', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  ajv.addSchema({ ...document, $id: 'openapi' })
  return ajv
}
