/** The files people deploy from, read as data: they are not built here, so what they promise is checked. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { variableDescriptions } from '../../src/config/config.ts'
import { roles } from '../../src/serve/service.ts'

const Service = z.looseObject({
  image: z.string().optional(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
})
const Compose = z.looseObject({ services: z.record(z.string(), Service) })

const composeText = read('docker-compose.yml')
const { services } = Compose.parse(parse(composeText, { merge: true }))
const dockerfile = read('Dockerfile')
const ours = Object.entries(services).filter(([, service]) => service.build !== undefined)

function read(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
}

test('each role of the command line has a container, and no other command is run', () => {
  const started = ours.map(([, service]) => service.command)

  expect(started).toEqual(roles.map((role) => ['serve', '--role', role]))
  expect(ours.map(([name]) => name)).toEqual([...roles])
})

test('all roles run the same image, on a read-only root, without privileges', () => {
  expect(new Set(ours.map(([, service]) => service.image)).size).toBe(1)
  for (const [, service] of ours) {
    expect(service).toMatchObject({
      build: '.',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  }
})

test('Redis keeps an append-only file, synced each second, and evicts nothing', () => {
  const command = services['redis']?.command ?? []
  const valueOf = (option: string): string | undefined => command[command.indexOf(option) + 1]

  expect(command[0]).toBe('redis-server')
  expect(valueOf('--appendonly')).toBe('yes')
  expect(valueOf('--appendfsync')).toBe('everysec')
  expect(valueOf('--maxmemory-policy')).toBe('noeviction')
  expect(services['redis']).toMatchObject({ volumes: ['redis:/data'] })
})

test('the roles wait for a healthy database and queue, and every container has a health check', () => {
  for (const [, service] of ours) {
    expect(service.depends_on).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    })
  }
  for (const service of Object.values(services)) expect(service.healthcheck.test.length).toBeGreaterThan(1)
})

test('the check of a role without a port passes where database and queue can be reached, and fails elsewhere', async () => {
  const [kind, program, ...args] = services['worker']?.healthcheck.test ?? []
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const here = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const run = (queue: string) =>
    promisify(execFile)(process.execPath, args, {
      env: { DATABASE_URL: `postgres://u:p@${here}/db`, REDIS_URL: `redis://${queue}` },
    })

  expect([kind, program]).toEqual(['CMD', 'node'])
  await run(here)
  await expect(run('127.0.0.1:1')).rejects.toMatchObject({ code: 1 })
  server.close()
})

test('no secret has a default', () => {
  const secret = /(PASSWORD|SECRET|TOKEN|KEY|KEY_ID|URL|AUTH)$/
  for (const [name, service] of Object.entries(services)) {
    for (const [variable, value] of Object.entries(service.environment)) {
      if (!secret.test(variable) || value === null) continue
      // What is written out may only be asked for with `:?`, which stops where it is not set.
      expect(String(value), `${name}: ${variable}`).toMatch(/\$\{\w+:\?[^}]+\}/)
    }
  }
  for (const [, variable = '', operator] of composeText.matchAll(/\$\{(\w+)([^}]*)\}/g)) {
    if (secret.test(variable)) expect(operator, variable).toMatch(/^:\?./)
  }
})

test('no secret is written down: where one is used, the environment is asked', () => {
  const addresses = ours.flatMap(([, { environment }]) => [
    environment['DATABASE_URL'],
    environment['REDIS_URL'],
  ])

  for (const address of addresses) expect(address).toMatch(/^(postgres|redis):\/\/\w*:\$\{\w+_PASSWORD:\?/)
  expect(dockerfile).not.toMatch(/^(ARG|ENV)\b.*(PASSWORD|SECRET|TOKEN|SERVICE_KEY)/im)
})

test('every variable that is passed on is one the service or the SDK reads', () => {
  const known = new Set<string>(variableDescriptions.map((one) => one.name))
  const sdk = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/

  for (const [name, service] of ours) {
    const strange = Object.keys(service.environment).filter((one) => !known.has(one) && !sdk.test(one))
    expect(strange, name).toEqual([])
  }
})

test('only the API is published, on this machine alone', () => {
  const published = Object.entries(services).filter(([, service]) => service.ports.length > 0)

  expect(published.map(([name]) => name)).toEqual(['api'])
  expect(published[0]?.[1].ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:.*:8787$/)])
})

test('the image runs as a user that is not root, on Node 20, with git and a health check', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1)
  const final = stages.at(-1) ?? ''
  const user = /^USER (\d+):(\d+)$/m.exec(final)

  expect(stages.length).toBeGreaterThan(1)
  expect(stages.every((stage) => stage.startsWith('node:20-bookworm-slim'))).toBe(true)
  expect(Number(user?.[1])).toBeGreaterThan(0)
  expect(Number(user?.[2])).toBeGreaterThan(0)
  expect(final).toMatch(/apt-get install .*\bgit\b/)
  expect(final).toMatch(/^HEALTHCHECK /m)
  expect(final).toContain('ENTRYPOINT ["node", "/app/dist/src/main.js"]')
})

test('the build sees what it copies and no environment file or history', () => {
  const lines = read('.dockerignore').split('\n')
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((found) =>
    (found[1] ?? '').split(' '),
  )

  expect(lines).toContain('*')
  expect([...allowed].sort((a, b) => a.localeCompare(b))).toEqual(
    [...new Set(copied)].sort((a, b) => a.localeCompare(b)),
  )
})
