/** Made-up source code: functions over names drawn anew, so that every one differs; it need not compile. */
import type { Draw } from './draw.ts'

function* javascript(draw: Draw): Generator<string> {
  yield `import { ${draw.name()}, ${draw.name()} } from './${draw.name('kebab')}.js'\n\n`
  for (;;) {
    const [name, argument, local] = [draw.name(), draw.name(), draw.name()]
    yield `/** ${draw.sentence()} ${draw.sentence()} */\n`
    yield `export ${draw.chance(0.3) ? 'async ' : ''}function ${name}(${argument}, ${draw.name()} = ${draw.int(0, 4096)}) {\n`
    for (let i = draw.int(2, 9); i > 0; i--) yield `  ${javascriptLine(draw, argument, local)}\n`
    yield `  return ${local}\n}\n\n`
  }
}

function javascriptLine(draw: Draw, argument: string, local: string): string {
  switch (draw.int(0, 5)) {
    case 0:
      return `const ${local} = ${argument}.${draw.name()}(({ ${draw.word()} }) => ${draw.word()}.${draw.name()} ?? null)`
    case 1:
      return `if (${argument}.${draw.name()} === '${draw.name('kebab')}') throw new Error(\`${draw.sentence()} \${${argument}}\`)`
    case 2:
      return `for (const ${draw.word()} of ${local}.${draw.name()}) ${draw.name()}(${draw.word()}, ${draw.int(0, 99)})`
    case 3:
      return `// ${draw.sentence()}`
    case 4:
      return `${local}.${draw.name()} = { ${draw.name()}: '${draw.word()}', ${draw.name()}: ${draw.int(0, 1e6)}, ${draw.word()}: [] }`
    default:
      return `await this.${draw.name()}.${draw.name()}(${argument}.${draw.word()}, '${draw.url()}')`
  }
}

function* python(draw: Draw): Generator<string> {
  yield `"""${draw.sentence()}"""\nimport ${draw.word()}\nfrom ${draw.name('snake')} import ${draw.name('pascal')}\n\n`
  for (;;) {
    const [self, name] = [draw.name('snake'), draw.name('snake')]
    yield `def ${name}(self, ${self}, ${draw.name('snake')}=None):\n    """${draw.sentence()}"""\n`
    for (let i = draw.int(2, 8); i > 0; i--) {
      yield draw.choose([
        () =>
          `    ${draw.name('snake')} = self.${draw.name('snake')}.get('${draw.name('snake')}', ${draw.int(0, 500)})\n`,
        () =>
          `    if not ${self}.${draw.name('snake')}:\n        raise ValueError(f"${draw.sentence()} {${self}!r}")\n`,
        () => `    # ${draw.sentence()}\n`,
        () =>
          `    ${self} = [${draw.word()}.${draw.word()} for ${draw.word()} in ${draw.name('snake')}(${self})]\n`,
        () =>
          `    logger.info("${draw.word()} %s ${draw.word()}", ${self}, extra={"${draw.word()}": ${draw.int(0, 90)}})\n`,
      ])
    }
    yield `    return ${self}\n\n\n`
  }
}

function* go(draw: Draw): Generator<string> {
  yield `package ${draw.word()}\n\nimport (\n\t"context"\n\t"${draw.host()}/${draw.name('kebab')}"\n)\n\n`
  for (;;) {
    const type = draw.name('pascal')
    yield `// ${type} ${draw.sentence()}\ntype ${type} struct {\n`
    for (let i = draw.int(1, 6); i > 0; i--)
      yield `\t${draw.name('pascal')} ${draw.pick(['string', 'int64', '[]byte', 'bool'])} \`json:"${draw.name('snake')},omitempty"\`\n`
    yield `}\n\nfunc (t *${type}) ${draw.name('pascal')}(ctx context.Context, ${draw.word()} string) error {\n`
    yield `\tif err := t.${draw.name()}(ctx, ${draw.int(0, 4096)}); err != nil {\n\t\treturn fmt.Errorf("${draw.sentence()} %w", err)\n\t}\n`
    yield `\treturn t.${draw.name()}.${draw.name('pascal')}("${draw.url()}")\n}\n\n`
  }
}

function* java(draw: Draw): Generator<string> {
  yield `package com.example.${draw.word()};\n\nimport com.example.${draw.word()}.${draw.name('pascal')};\n\n`
  yield `/** ${draw.sentence()} */\npublic class ${draw.name('pascal')} {\n`
  for (;;) {
    yield `    private static final ${draw.pick(['String', 'int', 'long'])} ${draw.name('snake').toUpperCase()} = ${draw.int(0, 1e6)};\n\n`
    yield `    @Override\n    public ${draw.name('pascal')} ${draw.name()}(final ${draw.name('pascal')} ${draw.word()}) throws IOException {\n`
    for (let i = draw.int(1, 6); i > 0; i--)
      yield `        ${draw.name('pascal')} ${draw.name()} = new ${draw.name('pascal')}(${draw.word()}.get${draw.name('pascal')}(), "${draw.sentence()}");\n`
    yield `        return ${draw.name()};\n    }\n\n`
  }
}

function* c(draw: Draw): Generator<string> {
  yield `#include <${draw.word()}.h>\n#include "${draw.name('snake')}.h"\n\n`
  for (;;) {
    yield `/* ${draw.sentence()} */\nstatic const uint32_t ${draw.name('snake')}_table[] = {\n`
    for (let i = draw.int(0, 5); i > 0; i--)
      yield `    ${Array.from({ length: 6 }, () => `0x${draw.hex(8)}`).join(', ')},\n`
    yield `};\n\nint ${draw.name('snake')}(struct ${draw.name('snake')} *${draw.word()}, size_t ${draw.word()}_len)\n{\n`
    for (let i = draw.int(2, 8); i > 0; i--) {
      yield draw.choose([
        () =>
          `    if (${draw.word()}->${draw.name('snake')} != ${draw.name('snake').toUpperCase()})\n        return -${draw.int(1, 40)};\n`,
        () =>
          `    memcpy(${draw.word()}, ${draw.word()}->${draw.word()} + ${draw.int(0, 64)}, sizeof(${draw.name('snake')}));\n`,
        () =>
          `    printf("${draw.word()} %d ${draw.word()} %s\\n", ${draw.word()}, ${draw.name('snake')});\n`,
      ])
    }
    yield `    return 0;\n}\n\n`
  }
}

export const code = { javascript, python, go, java, c }
