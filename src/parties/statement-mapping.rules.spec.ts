/** A PSP's mapping speaks of the columns of the day statement, and of no others. */
import { layoutColumns, readStatementMapping, requiredColumns } from './statement-mapping.rules';

it('knows the columns of the day statement', () => {
  expect(layoutColumns).toEqual(expect.arrayContaining([...requiredColumns]));
  const columns = Object.fromEntries(layoutColumns.map((name) => [name, `its ${name}`]));
  expect(readStatementMapping({ columns }).columns.get('paid_at')).toBe('its paid_at');
  expect(readStatementMapping(null).columns.size).toBe(0);
  expect(() => readStatementMapping({ columns: { booking_date: 'x' } })).toThrow(
    'statement.mapping-bad: statementMapping/columns/booking_date: wanted one of transaction_id',
  );
});
