import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

// The border between deciding and doing: these files get values and give values back.
const pure = [
  'src/argv/**',
  'src/plan/**',
  'src/advice/{advice,diagnose}.ts',
  'src/provenance/**',
  'src/settings.ts',
  'src/messages/text.ts',
  'src/store/{paths,receipt}.ts',
  'src/pull/helm-output.ts',
  'src/keyring/{dearmor,format,colon-listing}.ts',
  'src/unpack/{entry-path,limits,quote}.ts',
  'src/unpack/tar/{numeric,header-block,pax,sparse}.ts',
  'src/unpack/chart-yaml/{scalar,decode,tokens,metadata}.ts',
]
const effects = ['fs', 'fs/promises', 'child_process', 'os', 'net', 'http', 'https', 'process'].flatMap((name) => [
  name,
  `node:${name}`,
])

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', '.tools/**', 'coverage/**'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers are as safe in a sentence as strings.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-imports': [
        'error',
        {
          paths: ['child_process', 'node:child_process', 'execa'].map((name) => ({
            name,
            message: 'Only src/helm/run.ts starts programs.',
          })),
        },
      ],
    },
  },
  { files: ['src/helm/run.ts', 'scripts/**', 'test/**'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: pure,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [...effects, 'execa', 'tar', 'tmp-promise'].map((name) => ({
            name,
            message: 'This file is pure: hand the value in.',
          })),
        },
      ],
      'no-restricted-globals': ['error', { name: 'process', message: 'This file is pure: hand the value in.' }],
    },
  },
)
