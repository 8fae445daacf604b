/** A repository on disk and how git is run on it. */
import type { ChildOptions } from '../../base/child.ts'
import { gitEnvironment } from './environment.ts'

export interface Repository {
  gitDir: string
  /** How people know it: `owner/name`, a URL or a path. */
  name: string
  /**
   * A git run that reads this repository and nothing else: no protocol is allowed.
   * @param phase as in `ChildOptions`
   */
  command(phase: string, args: readonly string[]): Omit<ChildOptions, 'signal'>
}

export function openRepository(gitDir: string, name: string): Repository {
  const env = gitEnvironment({ protocols: [], gitDir })
  return {
    gitDir,
    name,
    command(phase, args) {
      // The working folder would be taken for the working tree; this one holds no files of the tree's.
      return { phase: `${phase} of "${name}"`, command: 'git', args, env, cwd: gitDir }
    },
  }
}
