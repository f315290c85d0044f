/**
 * Days on which Tanzanian banks settle: not at weekends, not on public holidays. The fixed holidays and those that follow
 * Easter are computed; rows add what was proclaimed (the feasts that follow the moon), or take a day back. Pure.
 * Source: Public Holidays Act, chapter 35 of the laws of Tanzania.
 */
import { addDays, type BusinessDay } from '../kernel/business-day';
import { instantFromMs } from '../kernel/clock';

const fixed: Readonly<Record<string, string>> = {
  '01-01': 'New Year',
  '01-12': 'Zanzibar Revolution Day',
  '04-07': 'Karume Day',
  '04-26': 'Union Day',
  '05-01': 'Workers’ Day',
  '07-07': 'Saba Saba',
  '08-08': 'Nane Nane',
  '10-14': 'Nyerere Day',
  '12-09': 'Independence Day',
  '12-25': 'Christmas',
  '12-26': 'Boxing Day',
};

/** Days after Easter Sunday. */
const movable: readonly (readonly [number, string])[] = [
  [-2, 'Good Friday'],
  [0, 'Easter Sunday'],
  [1, 'Easter Monday'],
];

/** Gregorian Easter by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8). */
export function easterSunday(year: number): BusinessDay {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday =
    (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const place = epact + weekday - 7 * shift + 114;
  const month = Math.floor(place / 31);
  return `${String(year)}-${String(month).padStart(2, '0')}-${String((place % 31) + 1).padStart(2, '0')}` as BusinessDay;
}

export interface CalendarDay {
  readonly day: BusinessDay;
  readonly name: string;
  /** False: banks work on it although the computed calendar says otherwise. */
  readonly isHoliday: boolean;
}

/** Looking further for a day on which banks work would mean that the rows are wrong. */
const mostDaysAhead = 400;

export class BusinessCalendar {
  private readonly rows: ReadonlyMap<string, CalendarDay>;

  constructor(rows: readonly CalendarDay[]) {
    this.rows = new Map(rows.map((row) => [row.day, row]));
  }

  /** The name of the public holiday, or undefined; a weekend has no name. */
  holiday(day: BusinessDay): string | undefined {
    const row = this.rows.get(day);
    if (row !== undefined) return row.isHoliday ? row.name : undefined;
    const easter = easterSunday(Number(day.slice(0, 4)));
    return fixed[day.slice(5)] ?? movable.find(([shift]) => addDays(easter, shift) === day)?.[1];
  }

  isBankDay(day: BusinessDay): boolean {
    if (this.rows.get(day)?.isHoliday === false) return true;
    const weekday = instantFromMs(Date.parse(`${day}T00:00:00Z`)).getUTCDay();
    return weekday !== 0 && weekday !== 6 && this.holiday(day) === undefined;
  }

  /** The n-th bank day after `day`; with n = 0 the day itself, or the next bank day. */
  bankDayAfter(day: BusinessDay, n: number): BusinessDay {
    let left = n;
    for (let shift = n === 0 ? 0 : 1; shift < mostDaysAhead; shift++) {
      const candidate = addDays(day, shift);
      if (!this.isBankDay(candidate)) continue;
      if (left <= 1) return candidate;
      left -= 1;
    }
    throw new Error(`no bank day is found after ${day}: the calendar's rows are wrong`);
  }

  /** Public holidays of a year, in order. */
  holidays(year: number): readonly { readonly day: BusinessDay; readonly name: string }[] {
    const first = `${String(year)}-01-01` as BusinessDay;
    return Array.from({ length: 366 }, (_none, i) => addDays(first, i)).flatMap((day) => {
      const name = day.startsWith(String(year)) ? this.holiday(day) : undefined;
      return name === undefined ? [] : [{ day, name }];
    });
  }
}
