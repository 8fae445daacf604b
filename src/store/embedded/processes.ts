/**
 * Looking at processes by number without trusting the number: it may have gone to another process since it was
 * written down. On Linux /proc tells; elsewhere `ps` does.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The arguments of process `pid`; null when there is none. Zombies have none. */
async function argumentsOf(pid: number): Promise<string[] | null> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return text === '' ? null : text.split('\0')
  }
  const listed = await run('ps', ['-ww', '-p', String(pid), '-o', 'command=']).catch(() => null)
  const text = listed?.stdout.trim() ?? ''
  return text === '' ? null : text.split(/\s+/)
}

/** Whether `pid` is a postmaster of this very data folder. */
export async function isPostmasterOf(pid: number, dataDir: string): Promise<boolean> {
  const args = await argumentsOf(pid)
  if (!args) return false
  const at = args.indexOf('-D')
  return at > 0 && args[at + 1] === dataDir
}

/** Tells a process from a later one with the same number: when it began. Null when there is none. */
export async function birthOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The name may hold spaces and parentheses; field 22, counted from 1, comes after the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return text === '' || fields[0] === 'Z' ? null : (fields[19] ?? null)
  }
  const listed = await run('ps', ['-p', String(pid), '-o', 'lstart=']).catch(() => null)
  return listed?.stdout.trim() || null
}
