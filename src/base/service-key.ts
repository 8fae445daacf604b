/**
 * The keys of the service, all derived from one master key by HKDF-SHA-256 with a label each, so that no two uses
 * share a key and only the master has to be kept safe.
 */
import { hkdfSync } from 'node:crypto'
import { AppError } from '../model/errors.ts'

export interface ServiceKeys {
  /** Counts the rotations of the master key, from 1. */
  version: number
  /** HMAC key of fingerprints. */
  fingerprint: Buffer
  /** AES-256-GCM key of sealed columns. */
  seal: Buffer
  /** HMAC key of idempotency keys. */
  idempotency: Buffer
  /** Not a key: what the database keeps to refuse a service started with another master key. */
  checkValue: Buffer
}

/** @param master 32 bytes; anything else is an `AppError` (config). */
export function deriveKeys(master: Buffer, version: number): ServiceKeys {
  if (master.length !== 32) {
    throw new AppError('config', 'the service key must be 32 bytes; `openssl rand -base64 32` makes one')
  }
  const derive = (label: string) =>
    Buffer.from(hkdfSync('sha256', master, 'keyrecall', `${label} v${version}`, 32))
  return {
    version,
    fingerprint: derive('fingerprint'),
    seal: derive('seal'),
    idempotency: derive('idempotency'),
    checkValue: derive('check-value'),
  }
}
