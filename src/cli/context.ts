/** What a command sees of the process it runs in, so that tests can hand it another. */
import type { Command } from 'commander'

/** A stream that may be a terminal. */
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }

export interface CommandContext {
  stdout: OutputStream
  stderr: OutputStream
  env: NodeJS.ProcessEnv
  /** What the process ends with; a command sets it when its work is done. */
  exitStatus: number
}

/** One command: its options and what it does are loaded only when it is asked for. */
export interface CommandModule {
  configure(command: Command, context: CommandContext): void
}

/** Whether colour is welcome on `stream`: a terminal that can, and nobody who said no (https://no-color.org). */
export function wantsColor(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
