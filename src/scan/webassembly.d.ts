/** What the engine uses of WebAssembly; the types of Node have none of it, and those of browsers far too much. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: string
  }
  const Module: new (bytes: Uint8Array) => Module

  interface Memory {
    readonly buffer: ArrayBuffer
    /** Pages of 64 KB; views of the buffer before are of no use after. */
    grow(pages: number): number
  }
  const Memory: new (size: { initial: number }) => Memory

  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>
  }
  const Instance: new (
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => Instance
}
