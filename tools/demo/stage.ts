/** What every act of the demonstration has at hand. */
import type { INestApplicationContext } from '@nestjs/common';
import type { BusinessDay } from '../../src/kernel/business-day';
import type { Books } from './books';
import type { Cast } from './cast';
import type { Screen } from './screen';

export interface Stage {
  readonly app: INestApplicationContext;
  readonly gateway: string;
  readonly screen: Screen;
  readonly cast: Cast;
  readonly books: Books;
  /** Begins every id of this run, so that it can be played on the same data again. */
  readonly run: string;
  readonly day: BusinessDay;
  /** The time of now as messages carry it. */
  wireNow(aheadMs?: number): string;
}
