const transform = {
  '^.+\\.m?[tj]s$': ['@swc/jest', {
    sourceMaps: 'inline',
    module: { type: 'commonjs', ignoreDynamic: true },
    jsc: {
      target: 'es2023', keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
  }],
};

module.exports = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testRegex: '.*\\.spec\\.ts$',
  transform,
};
