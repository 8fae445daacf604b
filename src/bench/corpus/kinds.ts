/**
 * The kinds of text a corpus is made of, with their share of its bytes and how long their files are. The shares are
 * those of a checkout with its build output and logs beside it: much code, many numbers, some base64.
 */
import { code } from './code.ts'
import type { Draw } from './draw.ts'
import { config, csv, json, lockFile, logs, markdown, minified, sqlDump, webPage, yaml } from './texts.ts'

/** Yields pieces without end; no two are alike, since each holds names, numbers or hashes of its own. */
export type TextMaker = (draw: Draw) => Generator<string>

export interface TextKind {
  name: string
  extensions: readonly string[]
  /** Percent of the bytes that are made up. */
  share: number
  /** Length of its files against that of a source file. */
  length: number
  /** Where a credential stands in such a text: what is before and behind it in the line. */
  line: readonly [before: string, behind: string]
  make: TextMaker
}

export const textKinds: readonly TextKind[] = [
  kind('javascript', ['js', 'ts', 'mjs', 'tsx'], 13, 1, ["  const setting = '", "'\n"], code.javascript),
  kind('python', ['py'], 7, 1, ['    setting = "', '"\n'], code.python),
  kind('go', ['go'], 5, 1, ['\tsetting := "', '"\n'], code.go),
  kind('java', ['java', 'kt'], 5, 1.3, ['        String setting = "', '";\n'], code.java),
  kind('c', ['c', 'h', 'cc'], 4, 1.5, ['#define SETTING "', '"\n'], code.c),
  kind('json', ['json'], 10, 1.5, ['  "setting": "', '",\n'], json),
  kind('yaml', ['yaml', 'yml'], 5, 0.4, ['  setting: ', '\n'], yaml),
  kind('log', ['log'], 14, 12, ['sent header X-Setting: ', ' in 12 ms\n'], logs),
  kind('minified', ['min.js'], 8, 6, ['var s="', '",'], minified),
  kind('csv', ['csv'], 6, 6, ['7,setting,', ',2026-01-01\n'], csv),
  kind('sql', ['sql'], 6, 8, ["INSERT INTO setting VALUES (1, '", "');\n"], sqlDump),
  kind('markdown', ['md', 'txt', 'rst'], 8, 0.8, ['Set it to `', '` and go on.\n'], markdown),
  kind('lock', ['lock', 'lock.json'], 4, 8, ['    "setting": "', '",\n'], lockFile),
  kind('config', ['env', 'ini', 'toml', 'properties'], 2, 0.15, ['SETTING=', '\n'], config),
  kind('page', ['html', 'css', 'svg'], 3, 3, ['<meta name="setting" content="', '">\n'], webPage),
]

function kind(
  name: string,
  extensions: readonly string[],
  share: number,
  length: number,
  line: readonly [string, string],
  make: TextMaker,
): TextKind {
  return { name, extensions, share, length, line, make }
}
