/**
 * Starts the API on an address and stops it without cutting off answers: requests under way are finished, up
 * to a limit, then their connections are closed.
 */
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../model/errors.ts'

export interface Listening {
  /** `http://host:port`, with the port that was really taken. */
  url: string
  /** Finishes what is under way and closes; safe to call twice. */
  close(): Promise<void>
}

/**
 * @param address `host:port`, `[::1]:port`; port 0 takes a free one
 * @param drainMs longest wait for requests under way
 * @throws AppError `config` when the address is not one or is taken
 */
export async function listenApi(app: FastifyInstance, address: string, drainMs = 10_000): Promise<Listening> {
  const { host, port } = parseAddress(address)
  try {
    await app.listen({ host, port })
  } catch (cause) {
    throw new AppError('config', `the API cannot listen on "${address}"; is the port taken?`, { cause })
  }
  let closing: Promise<void> | undefined
  return {
    url: urlOf(app.server.address() as AddressInfo),
    close: () => (closing ??= close(app, drainMs)),
  }
}

async function close(app: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), drainMs)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}

function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) {
    throw new AppError('config', `"${address}" is not an address to listen on; write host:port`)
  }
  return { host, port }
}

function urlOf(address: AddressInfo): string {
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
