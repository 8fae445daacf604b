/** A pattern in words, for people who do not read patterns: `"acme_", then 32 of [A-Za-z0-9]`. */
import type { PatternNode } from './pattern-tree.ts'

type Group = Extract<PatternNode, { kind: 'group' }>

/** What `root` matches. */
export function patternInWords(root: PatternNode): string {
  return root.kind === 'group' ? branchesInWords(root) : inWords(root)
}

function branchesInWords({ branches }: Group): string {
  const texts = branches.map((branch) => {
    const parts = branch.map(inWords).filter((text) => text !== '')
    return parts.length === 0 ? 'nothing' : parts.join(', then ')
  })
  return texts.length > 1 && texts.some((text) => text.includes(', then '))
    ? texts.map((text) => `(${text})`).join(' or ')
    : texts.join(' or ')
}

function inWords(node: PatternNode): string {
  switch (node.kind) {
    case 'text':
      return JSON.stringify(node.text)
    case 'class':
      return `one ${setOf(node.source)}`
    case 'edge':
      return ''
    case 'repeat':
      return repeated(node.node, node.least, node.most)
    case 'group': {
      const text = branchesInWords(node)
      const cased = node.anyCase ? `${text} in any case` : text
      if (node.secret) return `the secret (${cased})`
      return node.branches.length > 1 ? `(${cased})` : cased
    }
  }
}

function repeated(node: PatternNode, least: number, most: number): string {
  const times =
    least === most
      ? `${least}`
      : most === Number.POSITIVE_INFINITY
        ? `${least} or more`
        : `${least} to ${most}`
  if (node.kind === 'class' && !(least === 0 && most === 1)) return `${times} ${setOf(node.source)}`
  const text = inWords(node)
  if (least === 0 && most === 1) return `perhaps ${text}`
  return `${times} times (${text})`
}

function setOf(source: string): string {
  const named: Readonly<Record<string, string>> = {
    '.': 'of any character',
    '\\s': 'white space',
    '\\S': 'of anything but white space',
    '\\d': 'of [0-9]',
    '\\w': 'of [A-Za-z0-9_]',
  }
  if (source.startsWith('[^')) return `of anything but [${source.slice(2)}`
  return named[source] ?? `of ${source}`
}
