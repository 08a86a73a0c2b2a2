import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// The border between deciding and doing: these files get values and give values back.
const pure = ['src/argv/**', 'src/plan/**', 'src/messages/text.ts', 'src/store/paths.ts', 'src/store/receipt.ts']
const effects = ['fs', 'fs/promises', 'child_process', 'os', 'net', 'http', 'https', 'process'].flatMap((name) => [
  name,
  `node:${name}`,
])

export default tseslint.config(
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
      'no-restricted-imports': ['error', { paths: [{ name: 'execa', message: 'Only src/helm/run.ts starts helm.' }] }],
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
