/** The table of variables in the README; a test compares the two, so change the descriptions and print it again. */
import { variableDescriptions } from './config.ts'

/** Markdown, with a line end. */
export function describeConfig(): string {
  const rows = variableDescriptions.map(
    ({ name, description }) => `| \`${name}\` | ${description.replaceAll('|', '\\|')} |`,
  )
  return ['| variable | what it is for; default |', '|---|---|', ...rows, ''].join('\n')
}
