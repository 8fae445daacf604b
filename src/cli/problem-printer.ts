/**
 * What could not be read, as it happens, on standard error. Deliberate skips are only counted: a folder of sockets
 * would drown the rest. So are errors past the first hundred.
 */
import type { SourceProblem } from '../model/blob.ts'
import type { Progress } from './progress.ts'
import { visible } from './terminal-text.ts'

const mostPrinted = 100

export interface ProblemPrinter {
  print(problem: SourceProblem): void
  /** Prints a line that is about no problem. */
  note(line: string): void
  /** Says how many were not printed. */
  printRest(): void
}

export function problemPrinter(
  stream: { write(text: string): unknown },
  progress: Pick<Progress, 'erase'>,
): ProblemPrinter {
  let errors = 0
  return {
    print(problem) {
      if (problem.problem !== 'error') return
      errors += 1
      if (errors > mostPrinted) return
      progress.erase()
      stream.write(`keyrecall: ${problemText(problem)}\n`)
    },
    note(line) {
      progress.erase()
      stream.write(`keyrecall: ${visible(line)}\n`)
    },
    printRest() {
      if (errors > mostPrinted)
        stream.write(`keyrecall: and ${errors - mostPrinted} more problems like these\n`)
    },
  }
}

function problemText({ subject, message }: SourceProblem): string {
  // One line each, also for what lists several things below one another.
  const line = message.replaceAll(/\n */g, ' ')
  return visible(message.includes(subject) ? line : `${subject}: ${line}`)
}
