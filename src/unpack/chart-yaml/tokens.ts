import { Lexer } from 'yaml'
import { YamlError } from './scalar.ts'

/** What the lexer puts before the text of a plain or block scalar. */
const SCALAR = '\x1f'

const TAG = /^(?:!|!<[A-Za-z0-9;/?:@&=+$,_.!~*'()[\]-]+>|!(?:[A-Za-z0-9_-]*!)?[A-Za-z0-9;/?:@&=+$._~*'()-]+)$/

/**
 * Refuses what go-yaml's scanner refuses and the `yaml` package's takes (go.yaml.in/yaml/v2 scannerc.go): tags and
 * anchors of other characters, tags that touch what follows, tabs that indent. Throws YamlError.
 */
export function checkTokens(text: string): void {
  let before = '\n'
  for (const token of new Lexer().lex(text)) {
    if (before !== SCALAR) checkToken(token, before)
    before = before === SCALAR ? '' : token
  }
}

function checkToken(token: string, before: string): void {
  if (before.startsWith('!') && !/^[ \t\n]/.test(token)) {
    throw new YamlError('did not find expected whitespace or line break')
  }
  if (token.startsWith('!') && !TAG.test(token)) throw new YamlError('did not find expected tag URI')
  if (/^[&*]/.test(token) && !/^[&*][A-Za-z0-9_-]+$/.test(token)) {
    throw new YamlError('did not find expected alphabetic or numeric character')
  }
  if (before.endsWith('\n') && /^ *\t\s*$/.test(token)) {
    throw new YamlError('found a tab character that violates indentation')
  }
}
