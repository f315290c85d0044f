/** `npm run test:long`: the files named `*.long.ts`, which take too long for every run; with the database of the flows. */
const config = require('./jest.config.js');

const [, flows] = config.projects;

module.exports = {
  ...config,
  projects: [{ ...flows, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.ts'] }],
};
