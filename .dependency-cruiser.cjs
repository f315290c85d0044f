/**
 * The order of the house as rules. The order is written once, below; every rule is made from it.
 * Source: architecture, "The order" and the suffix vocabulary. All errors, no exceptions on file.
 */

/** From the ground up: a folder imports only folders named before it. */
const order = [
  'kernel',
  'platform',
  'parties',
  'officers',
  'deliveries',
  'ledger',
  'bills',
  'messages',
  'payments',
  'reconciliation',
  'settlement',
  'closing',
  'reports',
  'assurance',
];

/** The outside walls: XML, JSON, officers' pages, payers' pages. Only the root files import them. */
const edges = ['gepg', 'api', 'console', 'pay'];

/** Over everything, with the root files: operator commands. */
const top = ['cli'];

const below = (folders) => `^src/(?:${folders.join('|')})/`;
const rootFile = `^src/(?:(?:${top.join('|')})/)?[^/]+\\.ts$`;
const spec = '\\.spec\\.ts$';
const privateSuffix = '\\.(?:tables|store|controller|page)\\.ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...order.map((folder, place) =>
      rule(
        `${folder}-looks-down-only`,
        `${folder} may import: ${order.slice(0, place).join(', ') || 'nothing of ours'}.`,
        { path: below([folder]) },
        { path: below([...order.slice(place + 1), ...edges]) },
      ),
    ),
    rule(
      'edges-do-not-meet',
      'What two edges share belongs in a folder below both.',
      { path: `^src/(${edges.join('|')})/` },
      { path: below(edges), pathNot: '^src/$1/' },
    ),
    rule(
      'root-is-top',
      'The root files wire everything, and tools and tests use everything; no folder knows them.',
      { path: '^src/[^/]+/', pathNot: [spec, below(top)] },
      { path: [rootFile, '^(?:tools|test|migrations)/'] },
    ),
    rule(
      'root-is-top',
      'What is started by npm start carries neither tools nor tests.',
      { path: rootFile },
      { path: '^(?:tools|test)/' },
    ),
    rule(
      'commands-belong-to-the-cli',
      'The entry src/cli.ts imports the commands; the gateway does not.',
      { path: '^src/', pathNot: ['^src/cli\\.ts$', below(top)] },
      { path: below(top) },
    ),
    rule(
      'suffix-is-visibility',
      'Tables, stores, controllers and pages are private to their folder.',
      { path: '^src/([^/]+)/' },
      { path: privateSuffix, pathNot: '^src/$1/' },
    ),
    rule(
      'suffix-is-visibility',
      'Root files and tools use the public files of a folder.',
      { path: [rootFile, '^tools/'] },
      { path: privateSuffix },
    ),
    rule(
      'rules-are-pure',
      'A .rules file imports the kernel and other rules: no framework, no database, no clock. Hashing is arithmetic, ' +
        'and so are the ranges of internet addresses.',
      { path: '\\.rules\\.ts$' },
      { pathNot: ['^src/kernel/', '\\.rules\\.ts$', '^crypto$', '^node_modules/ipaddr\\.js/'] },
    ),
    rule(
      'kernel-is-pure',
      'The kernel is plain values. Random bytes and the calendar are all it takes from outside.',
      { path: '^src/kernel/', pathNot: spec },
      { pathNot: ['^src/kernel/', '^crypto$', '^node_modules/(?:@types/)?luxon/'] },
    ),
    rule(
      'only-stores-and-platform-touch-typeorm',
      'Statements live in stores, so that a reader finds every one of them.',
      {
        path: '^(?:src|tools)/',
        // The plain build that benchmarks compare with is a program of its own, written the way it is criticised for.
        pathNot: [
          '\\.(?:tables|store)\\.ts$',
          '^src/platform/database/',
          '^tools/bench/baseline/',
          spec,
        ],
      },
      { path: '^node_modules/(?:@nestjs/)?typeorm/' },
    ),
    rule('no-cycles', 'Type-only imports count.', {}, { circular: true }),
    rule(
      'no-orphans',
      'Nobody imports it, it imports nothing: delete it. Tables and browser scripts are found by name.',
      {
        orphan: true,
        path: '^(?:src|tools)/',
        pathNot: [
          '\\.tables\\.ts$',
          '^src/(?:main|cli)\\.ts$',
          '^tools/[^/]+$',
          spec,
          '\\.(?:d\\.ts|mjs)$',
        ],
      },
      {},
    ),
    rule('no-unresolved', 'The import leads nowhere.', {}, { couldNotResolve: true }),
    rule('not-to-spec', 'A spec is a leaf.', {}, { path: spec }),
  ],
  options: {
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'import', 'node', 'default', 'types'],
    },
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
