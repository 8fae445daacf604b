/**
 * Ways in which credentials stand in files, for trying detectors. `word` is a name the value may need near by; a value
 * with line breaks is written as each format would write it.
 */
export interface Surrounding {
  name: string
  /** The text, with the value as it stands in it. */
  wrap(value: string, word: string): { text: string | Buffer; written: string }
}

function plain(name: string, before: (word: string) => string, after: string): Surrounding {
  return { name, wrap: (value, word) => ({ text: before(word) + value + after, written: value }) }
}

/** The value as a JSON string holds it. */
function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

function quoted(name: string, before: (word: string) => string, after: string): Surrounding {
  return {
    name,
    wrap: (value, word) => ({ text: before(word) + inJson(value) + after, written: inJson(value) }),
  }
}

/** Some forty: configuration, languages, logs with escapes, both ends of the input, text that is not UTF-8. */
export const surroundings: readonly Surrounding[] = [
  plain('an env file', (word) => `# settings\n${word.toUpperCase()}_VALUE=`, '\nDEBUG=1\n'),
  plain('an env file with quotes', (word) => `export ${word}_value="`, '"\n'),
  plain('an env file with CRLF', (word) => `A=1\r\n${word}=`, '\r\nB=2\r\n'),
  quoted('JSON', (word) => `{\n  "${word}": "`, '",\n  "retries": 3\n}\n'),
  quoted('minified JSON', (word) => `{"a":[1,2],"${word}":"`, '","b":{"c":null}}'),
  {
    name: 'JSON inside a JSON string',
    wrap(value, word) {
      const written = inJson(inJson(value))
      return { text: `{"body":"{\\"${word}\\":\\"${written}\\"}"}`, written }
    },
  },
  plain('YAML', (word) => `service:\n  ${word}: `, '\n  region: eu\n'),
  plain('YAML in single quotes', (word) => `- name: ${word}\n  value: '`, "'\n"),
  plain('XML text', (word) => `<settings>\n  <${word}>`, `</x>\n</settings>\n`),
  plain('an XML attribute', (word) => `<add key="${word}" value="`, '" />\n'),
  plain('TOML', (word) => `[auth]\n${word} = "`, '"\n'),
  plain('an INI file', (word) => `[default]\n${word}=`, '\n[other]\n'),
  plain('properties', (word) => `app.${word}: `, '\napp.port: 80\n'),
  plain('a shell command', (word) => `curl -H "X-${word}: `, '" https://api.example.net/v1\n'),
  plain('a bearer header', (word) => `${word} Authorization: Bearer `, '\n'),
  plain('JavaScript', (word) => `const ${word} = '`, "';\nmodule.exports = {}\n"),
  plain('minified JavaScript', (word) => `!function(e){var ${word}="`, '",t=e.x;return t}(window);'),
  plain('a template literal', (word) => `const ${word} = \``, '`\n'),
  plain('Python', (word) => `def f():\n    ${word} = "`, '"\n    return 1\n'),
  plain('Go', (word) => `var ${word} = \``, '`\n'),
  plain('Java', (word) => `private static final String ${word.toUpperCase()} = "`, '";\n'),
  plain('C#', (word) => `var ${word} = @"`, '";\n'),
  plain('PHP', (word) => `<?php $config['${word}'] = '`, "';\n"),
  plain('Ruby', (word) => `${word} => '`, "',\n"),
  plain('a C string', (word) => `#define ${word.toUpperCase()} "`, '"\n'),
  plain('SQL', (word) => `INSERT INTO ${word} VALUES (1, '`, "');\n"),
  plain('Markdown', (word) => `Set the ${word} to \``, '` and go on.\n'),
  plain('a diff', (word) => `@@ -1 +1 @@\n-${word}=\n+${word}=`, '\n'),
  plain('a CSV row', (word) => `7,${word},`, ',2026-01-01\n'),
  plain('an address', (word) => `https://files.example.net/get?${word}=`, '&page=2\n'),
  plain('a log line after an escape', (word) => `{"log":"${word} is\\n`, '\\n","stream":"stdout"}\n'),
  plain('text after a tab escape', (word) => `"${word}\\t`, '\\t1"\n'),
  plain('text after a unicode escape', (word) => `"${word}\\u003d`, '\\u0026x"\n'),
  plain('text after a percent escape', (word) => `q=${word}%3D`, '%26\n'),
  plain('a coloured terminal', (word) => `${word} \x1b[0;31m`, '\x1b[0m done\n'),
  plain('a colour code written out', (word) => `echo -e "${word} \\e[32m`, '\\e[0m"\n'),
  plain('the start of the input', () => '', ' # '),
  plain('the end of the input', (word) => `${word} `, ''),
  {
    name: 'Latin-1 text',
    wrap(value, word) {
      return { text: Buffer.from(`caf\xe9 ${word} \xfcber="${value}" \xe9t\xe9\n`, 'latin1'), written: value }
    },
  },
  plain('UTF-8 text', (word) => `Zugang für ${word} – „`, '“ bleibt geheim\n'),
]
