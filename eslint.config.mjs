/**
 * Lint: the strictest sets of typescript-eslint, and the bans that keep time, settings, money and
 * output in the one place each has. Layout is prettier's; the order of folders is dependency-cruiser's.
 */
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const defaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a search for the name finds every use.',
};
const wallClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Ask the Clock (src/kernel/clock.ts), so that a test can set the time.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Ask the Clock (src/kernel/clock.ts), so that a test can set the time.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Ask the Clock (src/kernel/clock.ts), so that a test can set the time.',
  },
];
const floats = [
  {
    selector: "CallExpression[callee.name='parseFloat']",
    message: 'Money is exact: parse it with src/kernel/money.ts.',
  },
  {
    selector: "CallExpression[callee.object.name='Number'][callee.property.name='parseFloat']",
    message: 'Money is exact: parse it with src/kernel/money.ts.',
  },
];
const settings = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Settings are read once, in src/platform/config, and checked there.',
  },
  {
    selector: "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']",
    message: 'Settings are read once, in src/platform/config, and checked there.',
  },
  {
    selector:
      "ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name='env']",
    message: 'Settings are read once, in src/platform/config, and checked there.',
  },
];

/** ESLint replaces a rule's options as a whole, so each kind of file names its bans in full. */
const ban = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors.flat()] });

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.data/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest takes its options as literals of a class type.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,mjs,cjs,js}'],
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      ...ban(defaultExport, wallClock, floats, settings),
    },
  },
  { files: ['src/kernel/clock.ts'], rules: ban(defaultExport, floats, settings) },
  { files: ['src/platform/config/**'], rules: ban(defaultExport, wallClock, floats) },
  { files: ['tools/**'], rules: ban(defaultExport, wallClock, floats) },
  // These run before anything is compiled, so there is no Clock to ask.
  { files: ['tools/**/*.mjs'], rules: ban(defaultExport, floats) },
  {
    files: ['**/*.spec.ts', 'test/**'],
    rules: {
      ...ban(defaultExport, floats),
      // Jest's asymmetric matchers (`expect.any`) are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['migrations/**', '*.config.{js,mjs,cjs}', '.*.cjs'],
    rules: ban(wallClock, floats, settings),
  },
);
