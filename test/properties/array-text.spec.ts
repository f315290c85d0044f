/** What is sent as the text of an array arrives as the list that it was, whatever its characters. */
import fc from 'fast-check';
import { Client } from 'pg';
import { arrayText } from '../../src/platform/database/array-text';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.url, options: '-c TimeZone=UTC' });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

// PostgreSQL keeps no NUL in texts, and refuses it by itself.
const texts = fc.array(
  fc.option(fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'))),
);
const instants = fc.array(
  fc.date({ noInvalidDate: true, min: new Date('0002-01-01'), max: new Date('9998-12-31') }),
);

it('texts, nothing, whole numbers and instants', async () => {
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      instants,
      async (words, numbers, times) => {
        const { rows } = await client.query<{ words: unknown; numbers: string[]; times: Date[] }>(
          `select to_jsonb($1::text[]) as words, $2::bigint[]::text[] as numbers, $3::timestamptz[] as times`,
          [arrayText(words), arrayText(numbers), arrayText(times)],
        );
        expect(rows).toEqual([{ words, numbers: numbers.map(String), times }]);
      },
    ),
  );
});
