/** How short and how long a match of a pattern can be, and made-up texts that it matches. */
import type { PatternNode } from './pattern-tree.ts'

/** Lengths in bytes. */
export interface PatternSize {
  least: number
  /** `Infinity` where a repetition has no bound. */
  most: number
}

/** The bounds of what `node` matches. */
export function sizeOf(node: PatternNode): PatternSize {
  switch (node.kind) {
    case 'text': {
      const length = Buffer.byteLength(node.text)
      return { least: length, most: length }
    }
    case 'class':
      return { least: 1, most: node.wide ? 4 : 1 }
    case 'edge':
      return { least: 0, most: 0 }
    case 'repeat': {
      const { least, most } = sizeOf(node.node)
      return { least: least * node.least, most: most === 0 ? 0 : most * node.most }
    }
    case 'group': {
      const sizes = node.branches.map((branch) => branch.map(sizeOf))
      const sum = (pick: (size: PatternSize) => number) =>
        sizes.map((branch) => branch.reduce((total, size) => total + pick(size), 0))
      return { least: Math.min(...sum(({ least }) => least)), most: Math.max(...sum(({ most }) => most)) }
    }
  }
}

/** A text that `node` matches, drawn by `random` (numbers from 0 to below 1). Bounded repetitions only. */
export function drawText(node: PatternNode, random: () => number): string {
  const pick = (count: number) => Math.floor(random() * count)
  switch (node.kind) {
    case 'text':
      return node.text
    case 'class':
      return node.characters.charAt(pick(node.characters.length)) || 'é'
    case 'edge':
      return ''
    case 'repeat': {
      // A few above the lower bound are as good as a thousand.
      const times = node.least + pick(Math.min(node.most - node.least, 4) + 1)
      return Array.from({ length: times }, () => drawText(node.node, random)).join('')
    }
    case 'group':
      return (node.branches[pick(node.branches.length)] ?? []).map((part) => drawText(part, random)).join('')
  }
}
