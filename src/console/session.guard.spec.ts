/** Where a browser is sent after signing in, and what a handler of files declares. */
import { nextPage, TakesFiles } from './session.guard';

it.each([
  ['/console/bills?number=1', '/console/bills?number=1'],
  ['/console', '/console'],
  [undefined, '/console'],
  ['/console/sign-in/code', '/console'],
  ['//evil.example/console', '/console'],
  ['https://evil.example', '/console'],
  ['/console.evil', '/console'],
  ['/console/\r\nset-cookie: x', '/console'],
  ['/v1/bills', '/console'],
])('after signing in, %s leads to %s', (asked, page) => {
  expect(nextPage(asked)).toBe(page);
});

it('a handler that takes files says so', () => {
  class Sample {
    @TakesFiles()
    upload(): string {
      return 'taken';
    }
  }
  const handler = Object.getOwnPropertyDescriptor(Sample.prototype, 'upload')?.value as object;
  expect(Reflect.getMetadata('console:files', handler)).toBe(true);
});
