/**
 * How git gets a credential: it asks a helper, as `gitcredentials(7)` has it, and the helper asks us over a pair of
 * sockets that only the children of this run hold. So it is in no argument, address, variable or file, and is handed
 * out for one origin alone, whatever the server or the repository's own settings would have git ask for.
 */

export interface GitCredential {
  username: string
  password: string
}

/** Where children of git find their end of the sockets; see `ChildOptions.answer`. */
const channel = 3
/** Longest question: git's has a few lines. */
const longestQuestion = 16 * 1024

/**
 * The helper, as `credential.helper` takes it: it passes on what git asks, an empty line behind it, and prints the
 * answer up to an empty line. Asked to keep or forget anything, it does nothing.
 */
export const credentialHelper = `!f() { [ "$1" = get ] || exit 0; cat >&${channel}; echo >&${channel}; \
while IFS= read -r line <&${channel} && [ -n "$line" ]; do printf '%s\\n' "$line"; done; }; f`

/** Answers questions about `origin` (`https://host:port`) with `credential`, and all others with nothing. */
export function answerFor(
  origin: string,
  { username, password }: GitCredential,
): (question: string) => string | null {
  // A line break would begin another attribute.
  const usable = !/[\r\n\0]/.test(username + password)
  return (question) => {
    const end = question.indexOf('\n\n')
    if (end < 0) return question.length > longestQuestion ? '\n' : null
    const asked = new Map(question.slice(0, end).split('\n').map(attribute))
    const isOurs = usable && `${asked.get('protocol')}://${asked.get('host')}` === origin
    return isOurs ? `username=${username}\npassword=${password}\n\n` : '\n'
  }
}

function attribute(line: string): [string, string] {
  const sign = line.indexOf('=')
  return [line.slice(0, sign), line.slice(sign + 1)]
}
