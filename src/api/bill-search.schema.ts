/** What bills may be searched by. Every part is optional, and all of them must hold. */
import { parseWireInstant } from '../kernel/business-day';
import { currencies, type Currency } from '../kernel/money';
import type { BillFilter } from '../bills/bill-view';
import type { BillState } from '../bills/bill.rules';
import { billStates } from './bill.schema';
import { ControlNumberField, IdentifierField, InstantField, WordField } from './fields';
import { PageQuery } from './paging';

export class BillSearch extends PageQuery {
  @WordField({
    description: 'As it stands now.',
    words: billStates,
    name: 'BillState',
    optional: true,
  })
  state?: BillState;

  @WordField({ description: 'ISO 4217.', words: currencies, name: 'Currency', optional: true })
  currency?: Currency;

  @ControlNumberField({ description: 'All bills that the number ever stood for.', optional: true })
  controlNumber?: string;

  @IdentifierField({ description: "The institution's own id.", optional: true })
  billId?: string;

  @IdentifierField({ description: 'The id of the payer.', optional: true })
  payerId?: string;

  @InstantField({ description: 'Submitted at this instant or later.', optional: true })
  createdFrom?: string;

  @InstantField({ description: 'Submitted before this instant.', optional: true })
  createdBefore?: string;
}

export function filterOf(query: BillSearch): BillFilter {
  const { state, currency, controlNumber, billId, payerId, createdFrom, createdBefore } = query;
  return {
    state,
    currency,
    controlNumber,
    billId,
    payerId,
    createdFrom: createdFrom === undefined ? undefined : parseWireInstant(createdFrom),
    createdBefore: createdBefore === undefined ? undefined : parseWireInstant(createdBefore),
  };
}
