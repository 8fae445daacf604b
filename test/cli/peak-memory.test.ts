import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { peakMemory, peakOf } from '../../src/cli/peak-memory.ts'
import { runCli } from '../support/cli.ts'

describe('the peak of memory', () => {
  test('is what the system says of the process, in bytes', () => {
    expect(peakOf('Name:\tnode\nVmPeak:\t  990 kB\nVmHWM:\t   45678 kB\nVmRSS:\t 100 kB\n')).toBe(
      45678 * 1024,
    )
  })

  test.each(['', 'Name:\tnode\n', 'VmHWM:\tmuch\n'])('is not known from %j', (status) => {
    expect(peakOf(status)).toBeNull()
  })

  test('is no less than what is held now', () => {
    expect(peakMemory()).toBeGreaterThan(20 * 1024 * 1024)
  })

  test('of a scan is its own, however large the process was that started it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyrecall-peak-'))
    // Touched, so that it is memory of this process.
    const large = Buffer.alloc(400 * 1024 * 1024, 1)
    try {
      writeFileSync(join(folder, 'a.txt'), 'nothing here\n')

      await runCli(['scan', folder, '--stats', join(folder, 'stats.json')], { cwd: folder, home: folder })

      const stats = JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8')) as Record<string, number>
      expect(large.length).toBeGreaterThan(0)
      expect(stats['peak_memory_bytes']).toBeLessThan(300 * 1024 * 1024)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
