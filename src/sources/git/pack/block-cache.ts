/**
 * A pack read in blocks that are kept for a while. Trees are small and stand close together, but families of deltas
 * jump about among them: without it every one of them costs a read.
 */
import type { PackFile } from './pack-file.ts'

const blockSize = 32 * 1024
const smallCopy = 256

/**
 * The file, with up to `maxBytes` of it in memory. The block that came first goes first, unless it was used since it
 * was last looked at.
 */
export function cacheBlocks(file: PackFile, maxBytes: number): PackFile {
  const blocks = Math.ceil(file.size / blockSize)
  const slots = Math.max(1, Math.min(blocks, Math.floor(maxBytes / blockSize)))
  /** By block: its slot plus one; 0 where it is not there. */
  const slotOf = new Int32Array(blocks)
  const blockIn = new Int32Array(slots)
  const isUsed = new Uint8Array(slots)
  const bytes: Buffer[] = []
  let hand = 0

  function freeSlot(): number {
    if (bytes.length < slots) {
      bytes.push(Buffer.allocUnsafeSlow(blockSize))
      return bytes.length - 1
    }
    while (isUsed[hand] === 1) {
      isUsed[hand] = 0
      hand = (hand + 1) % slots
    }
    const slot = hand
    hand = (hand + 1) % slots
    slotOf[blockIn[slot] as number] = 0
    return slot
  }

  function load(block: number): Buffer {
    const known = (slotOf[block] as number) - 1
    if (known >= 0) {
      isUsed[known] = 1
      return bytes[known] as Buffer
    }
    const slot = freeSlot()
    const buffer = bytes[slot] as Buffer
    file.read(buffer, 0, Math.min(blockSize, file.size - block * blockSize), block * blockSize)
    slotOf[block] = slot + 1
    blockIn[slot] = block
    return buffer
  }

  return {
    size: file.size,
    read(target, at, length, offset) {
      const wanted = Math.max(0, Math.min(length, file.size - offset))
      for (let done = 0; done < wanted; ) {
        const block = Math.floor((offset + done) / blockSize)
        const start = offset + done - block * blockSize
        const end = Math.min(blockSize, start + wanted - done)
        const from = load(block)
        // Most pieces are so small that a call costs more than what it copies.
        if (end - start > smallCopy) from.copy(target, at + done, start, end)
        else for (let i = start, to = at + done; i < end; i++) target[to++] = from[i] as number
        done += end - start
      }
      return wanted
    },
    close: () => file.close(),
  }
}
