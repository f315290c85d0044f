/**
 * Projects: `unit` beside the source, without a database; `flows` below test/, on a real PostgreSQL; and, where the
 * program files of PostgreSQL 15 are found, a few of the flows on that too, the oldest one supported.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** Where the packages of Debian, Red Hat and Homebrew put the server. */
const postgres15 = [
  '/usr/lib/postgresql/15/bin',
  '/usr/pgsql-15/bin',
  '/opt/homebrew/opt/postgresql@15/bin',
  '/usr/local/opt/postgresql@15/bin',
].find((folder) => existsSync(join(folder, 'initdb')));

/** Packages that come as modules alone, which Jest reads only transformed. */
const moduleOnly = ['@scure/base', '@noble/hashes'];

const base = {
  globals: { postgres15: postgres15 ?? '' },
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  transformIgnorePatterns: [`/node_modules/(?!(?:${moduleOnly.join('|')})/)`],
  transform: {
    '^.+\\.m?[tj]s$': ['@swc/jest', {
      sourceMaps: 'inline',
      module: { type: 'commonjs', ignoreDynamic: true },
      jsc: {
        target: 'es2023', keepClassNames: true,
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
    }],
  },
};

module.exports = {
  maxWorkers: 2,
  testTimeout: 60_000,
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts'] },
    {
      ...base,
      displayName: 'flows',
      testMatch: ['<rootDir>/test/**/*.spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
    ...(postgres15 === undefined
      ? []
      : [
          {
            ...base,
            displayName: 'postgres 15',
            testMatch: [
              '<rootDir>/test/database/{schema,claim,guards,silent-database}.spec.ts',
              '<rootDir>/test/flows/main-job.spec.ts',
            ],
            globalSetup: '<rootDir>/test/support/postgres-15-setup.ts',
            globalTeardown: '<rootDir>/test/support/global-teardown.ts',
            setupFiles: ['<rootDir>/test/support/on-postgres-15.ts'],
          },
        ]),
  ],
};
