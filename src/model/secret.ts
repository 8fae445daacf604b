/**
 * A credential in the clear. Everything from the engine on handles it as this object, whose every printed
 * form is a label; the value is reachable through `reveal` alone, so that a grep for that word lists every
 * place that can leak it.
 */
import { inspect } from 'node:util'

export class Secret {
  readonly #bytes: Buffer
  readonly #detector: string
  #tail = ''

  /**
   * @param bytes the credential as found, decoded; copied, since scan buffers are reused
   * @param detector id of the detector that claims it
   */
  constructor(bytes: Uint8Array, detector: string) {
    this.#bytes = Buffer.from(bytes)
    this.#detector = detector
  }

  /** The value. Only fingerprinting, sealing, checking and revoking may ask for it. */
  reveal(): Buffer {
    return this.#bytes
  }

  /** Id of the detector that claims it; safe to print. */
  get detector(): string {
    return this.#detector
  }

  /** Length in bytes; safe to print. */
  get length(): number {
    return this.#bytes.length
  }

  /** Gives the label the end of the fingerprint, so that log lines about one credential can be told apart. */
  name(fingerprint: string): void {
    this.#tail = fingerprint.slice(-4)
  }

  toString(): string {
    return this.#tail ? `[secret ${this.#detector} …${this.#tail}]` : `[secret ${this.#detector}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
