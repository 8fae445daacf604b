/** What the readers of archives give. */
import type { AppError } from '../../model/errors.ts'

/** A member; its bytes are to be read before the next one is asked for. */
export interface PackedMember {
  name: string
  /** As the archive states it; null where it does not. */
  size: number | null
  /** Why it cannot be read; its bytes are then not there. */
  refused: AppError | null
  bytes: AsyncIterable<Uint8Array>
}
