/**
 * The bills of the demonstration and what becomes of each. The first sixteen hold one of every case; of more bills a
 * third repeat the cases and the others are simply paid. All persons and services are invented.
 */
import { formatAmount } from '../../src/kernel/money';
import type { SampleBill } from '../sandbox/messages';

export type PspCode = 'PSP701' | 'PSP702' | 'PSP703';

export const fates = [
  'paid',
  'surplus',
  'instalments',
  'last-instalment-over',
  'partly-paid',
  'repeated',
  'wrong-amount-first',
  'too-little',
  'cancelled',
  'paid-twice',
  'unpaid',
  'dollars',
  'wrong-currency-first',
  'wrong-amount-irrevocable',
  'paid-twice-irrevocable',
  'id-used-again',
] as const;
export type Fate = (typeof fates)[number];

export interface PlannedBill {
  readonly place: number;
  readonly institution: 'SP70101' | 'SP70202';
  readonly fate: Fate;
  readonly psp: PspCode;
  readonly amountMinor: bigint;
  readonly currency: 'TZS' | 'USD';
  readonly bill: SampleBill;
}

export const fewestBills = 20;
export const mostBills = 5_000;
/** Bills in one message, as an institution sends its night's batch. */
export const billsPerMessage = 10;

const casesEvery = 48;
const givenNames = ['Neema', 'Juma', 'Asha', 'Baraka', 'Zawadi', 'Rehema', 'Musa', 'Upendo'];
const familyNames = ['Mollel', 'Kimaro', 'Mushi', 'Swai', 'Massawe', 'Mwakyusa', 'Ngonyani'];
const treatments = ['Vipimo vya maabara', 'Kumuona daktari', 'Dawa', 'Kulazwa', 'Upasuaji mdogo'];
const supplies = ['Maji, mwezi wa kumi', 'Maji, mwezi wa kumi na moja', 'Dira mpya'];

const optionOf: Readonly<Record<Fate, '1' | '2' | '3'>> = {
  paid: '3',
  surplus: '1',
  instalments: '2',
  'last-instalment-over': '2',
  'partly-paid': '2',
  repeated: '3',
  'wrong-amount-first': '3',
  'too-little': '1',
  cancelled: '3',
  'paid-twice': '3',
  unpaid: '1',
  dollars: '3',
  'wrong-currency-first': '3',
  'wrong-amount-irrevocable': '3',
  'paid-twice-irrevocable': '1',
  'id-used-again': '3',
};

function pick<T>(list: readonly T[], place: number): T {
  const found = list[place % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

function fateOf(place: number): Fate {
  return fates[place % casesEvery] ?? 'paid';
}

/** Plain payments go around; the cases are played at the bank, but for those that need an irrevocable PSP. */
function pspOf(place: number, fate: Fate): PspCode {
  if (fate === 'wrong-amount-irrevocable') return 'PSP703';
  if (fate !== 'paid') return 'PSP701';
  return pick(['PSP701', 'PSP702', 'PSP703'], place);
}

export function planBills(
  total: number,
  run: string,
  generatedAt: string,
  expiresAt: string,
): readonly PlannedBill[] {
  return Array.from({ length: total }, (_, place): PlannedBill => {
    const fate = fateOf(place);
    const isDollars = fate === 'dollars' || fate === 'wrong-currency-first';
    const isHospital = isDollars || place % 2 === 0;
    // Whole shillings between 6,000 and about 400,000; dollars from 25 on.
    const stepped = BigInt((place * 7_919) % 793);
    const amountMinor = isDollars ? 2_500n + stepped * 10n : 600_000n + stepped * 50_000n;
    const firstMinor = (amountMinor / 3n / 100n) * 100n;
    const gfsCodes = isDollars
      ? ['140206', '140206']
      : isHospital
        ? ['142202', '142203']
        : ['140101', '140283'];
    return {
      place,
      institution: isHospital ? 'SP70101' : 'SP70202',
      fate,
      psp: pspOf(place, fate),
      amountMinor,
      currency: isDollars ? 'USD' : 'TZS',
      bill: {
        billId: `${run}-${String(place + 1).padStart(4, '0')}`,
        amount: formatAmount(amountMinor),
        option: optionOf[fate] === '3' && fate === 'paid' && place % 5 === 0 ? '1' : optionOf[fate],
        currency: isDollars ? 'USD' : 'TZS',
        generatedAt,
        expiresAt,
        payerName: `${pick(givenNames, place)} ${pick(familyNames, place * 3 + 1)}`,
        description: isDollars
          ? 'Medical certificate'
          : pick(isHospital ? treatments : supplies, place),
        subSpCode: '1001',
        systemId: isHospital ? 'THOSP001' : 'TMAJI001',
        items: [
          { gfsCode: gfsCodes[0] ?? '', amount: formatAmount(firstMinor) },
          { gfsCode: gfsCodes[1] ?? '', amount: formatAmount(amountMinor - firstMinor) },
        ],
      },
    };
  });
}
