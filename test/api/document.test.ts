/** The OpenAPI document: whole, compilable, and the source of the matrix of scopes over all routes. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ApiWorld,
  apiWorld,
  documentAjv,
  type OpenapiDocument,
  type Operation,
  type Who,
} from './api-world.ts'

let world: ApiWorld
let document: OpenapiDocument
beforeAll(async () => {
  world = await apiWorld()
  document = (await world.ask('nobody', 'GET', '/openapi.json')).body
})
afterAll(() => world.close())

function operations(): { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

const url = (path: string): string => path.replaceAll(/\{\w+\}/g, () => randomUUID())

describe('the OpenAPI document', () => {
  test('is version 3.1 and lists every route of the contract', () => {
    const routes = operations().map(({ method, path }) => `${method} ${path}`)

    expect(document.openapi).toBe('3.1.0')
    expect(routes.sort()).toEqual([
      'DELETE /v1/schedules/{id}',
      'DELETE /v1/sources/{id}',
      'GET /healthz',
      'GET /meta/public_keys/secret_scanning',
      'GET /meta/public_keys/token_scanning',
      'GET /metrics',
      'GET /openapi.json',
      'GET /readyz',
      'GET /v1/audit',
      'GET /v1/deliveries',
      'GET /v1/deliveries/{id}',
      'GET /v1/findings',
      'GET /v1/findings/{id}',
      'GET /v1/findings/{id}/locations',
      'GET /v1/findings/{id}/revocations',
      'GET /v1/issuers',
      'GET /v1/issuers/{id}',
      'GET /v1/revocations',
      'GET /v1/revocations/{id}',
      'GET /v1/scans',
      'GET /v1/scans/{id}',
      'GET /v1/scans/{id}/problems',
      'GET /v1/schedules',
      'GET /v1/schedules/{id}',
      'GET /v1/settings/kill-switch',
      'GET /v1/sources',
      'GET /v1/sources/{id}',
      'PATCH /v1/findings/{id}',
      'PATCH /v1/issuers/{id}',
      'PATCH /v1/schedules/{id}',
      'POST /v1/deliveries/{id}/redeliver',
      'POST /v1/findings/{id}/revocations',
      'POST /v1/issuers',
      'POST /v1/issuers/{id}/test',
      'POST /v1/revocations/{id}/approve',
      'POST /v1/revocations/{id}/reject',
      'POST /v1/scans',
      'POST /v1/scans/{id}/cancel',
      'POST /v1/schedules',
      'POST /v1/sources',
      'PUT /v1/settings/kill-switch',
    ])
  })

  test('gives every operation a summary, a known tag, a security requirement and problem answers', () => {
    const known = new Set(document.tags.map((tag) => tag.name))
    for (const { method, path, operation } of operations()) {
      const where = `${method} ${path}`
      expect(operation.summary, where).toMatch(/^[A-Z].{5,}/)
      expect(operation.tags, where).toHaveLength(1)
      expect(known.has(operation.tags?.[0] ?? ''), where).toBe(true)
      expect(Array.isArray(operation.security), where).toBe(true)
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        where,
      ).toBe(true)
      const expected = [429, 500, ...(operation.security.length > 0 ? [401, 403] : [])]
      for (const status of [...expected, ...(operation.requestBody ? [400, 413, 415] : [])]) {
        const content = operation.responses[status]?.content ?? {}
        expect(Object.keys(content), `${where} ${status}`).toEqual(['application/problem+json'])
      }
      for (const response of Object.values(operation.responses))
        expect(response.description).toBeTypeOf('string')
      for (const name of path.matchAll(/\{(\w+)\}/g)) {
        const parameter = operation.parameters?.find((one) => one.name === name[1] && one.in === 'path')
        expect(parameter?.required, where).toBe(true)
      }
    }
  })

  test('holds no schema that does not compile and no reference that leads nowhere', () => {
    const ajv = documentAjv(document)
    const schemas = Object.keys(document.components.schemas)
    const texts = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? []

    for (const name of schemas) ajv.compile({ $ref: `openapi#/components/schemas/${name}` })
    for (const { operation } of operations()) {
      for (const media of Object.values(operation.requestBody?.content ?? {})) ajv.compile(media.schema)
      for (const parameter of operation.parameters ?? []) ajv.compile(parameter.schema)
    }
    const targets = texts.map((text) => text.slice('"$ref":"#/components/schemas/'.length, -1))
    expect(targets.length).toBeGreaterThan(50)
    expect(targets.filter((name) => !schemas.includes(name))).toEqual([])
  })
})

describe('scopes', () => {
  const rank = { nobody: 0, read: 1, triage: 2, admin: 3 } as const

  test('every route under /v1 asks for a scope, and changes ask for more than read', () => {
    for (const { method, path, operation } of operations()) {
      const scope = operation.security[0]?.bearer?.[0]
      expect(scope !== undefined, `${method} ${path}`).toBe(path.startsWith('/v1/'))
      if (method !== 'GET' && scope !== undefined) expect(scope, `${method} ${path}`).not.toBe('read')
    }
  })

  test('what sets up sources, issuers, settings and reads the audit log is for admins', () => {
    const admin = operations()
      .filter(({ operation }) => operation.security[0]?.bearer?.[0] === 'admin')
      .map(({ method, path }) => `${method} ${path}`)

    expect(admin.sort()).toEqual([
      'DELETE /v1/schedules/{id}',
      'DELETE /v1/sources/{id}',
      'GET /v1/audit',
      'PATCH /v1/issuers/{id}',
      'PATCH /v1/schedules/{id}',
      'POST /v1/deliveries/{id}/redeliver',
      'POST /v1/issuers',
      'POST /v1/issuers/{id}/test',
      'POST /v1/schedules',
      'POST /v1/sources',
      'PUT /v1/settings/kill-switch',
    ])
  })

  test('no token gives 401, a smaller scope 403, the scope and larger ones neither', async () => {
    for (const { method, path, operation } of operations()) {
      const needed = (operation.security[0]?.bearer?.[0] ?? 'nobody') as keyof typeof rank
      for (const who of ['nobody', 'read', 'triage', 'admin'] as const satisfies Who[]) {
        const answer = await world.ask(who, method, url(path), method === 'GET' ? undefined : {})
        const where = `${who} ${method} ${path} ${answer.text}`
        if (rank[who] >= rank[needed]) expect([401, 403], where).not.toContain(answer.status)
        else expect(answer.status, where).toBe(who === 'nobody' ? 401 : 403)
      }
    }
  })
})
