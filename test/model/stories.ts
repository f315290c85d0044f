/**
 * Short histories, each of which a certain bug cannot get through. The random histories may meet them too, but in two
 * minutes not each for certain.
 */
import {
  Cancel,
  type Command,
  Crash,
  day,
  Deafen,
  hour,
  Issue,
  LoseAnswer,
  MoveClock,
  Pay,
  PayAgain,
  Poison,
  Together,
  type Wish,
} from './commands';
import type { NewBill } from './world';

function issue(option: NewBill['option'], more: Partial<NewBill> = {}, life = 30 * day): Issue {
  return new Issue({ option, parts: [100_000n], minimum: 1n, limit: null, ...more }, life);
}

function wish(bill: number, psp: number, sum: Wish['sum'] = 'due'): Wish {
  return { bill, psp, sum };
}

export const stories: Readonly<Record<string, readonly Command[]>> = {
  'one bill is paid once, whoever pays it at the same moment': [
    issue('exact'),
    new Together([wish(0, 0), wish(0, 1)], 1, 'none'),
    issue('exact'),
    new Together([wish(1, 0), wish(1, 2)], 1, 'copy'),
    issue('partial'),
    new Together([wish(2, 0, 'less'), wish(2, 1, 'more')], 1, 'altered'),
    issue('exact'),
    new Together([wish(3, 0)], 1, 'cancel'),
  ],
  'the same transaction is taken once, and nothing else under its id': [
    issue('partial'),
    new Pay(wish(0, 0, 'less')),
    new PayAgain(0, 'none'),
    new PayAgain(0, 'amount'),
    new PayAgain(0, 'number'),
    new PayAgain(0, 'currency'),
    new LoseAnswer(wish(0, 1, 'less')),
    new Pay(wish(0, 0)),
    new Pay(wish(0, 0)),
    new PayAgain(3, 'none'),
  ],
  'a repetition owes the result again, ten seconds after the last': [
    issue('exact'),
    new Pay(wish(0, 0)),
    new PayAgain(0, 'none'),
    new MoveClock('seconds', 0),
    new PayAgain(0, 'none'),
    new PayAgain(0, 'none'),
  ],
  'what is acknowledged outlives the process': [
    issue('exact'),
    new Crash([wish(0, 0)]),
    issue('partial'),
    new Crash([wish(1, 0, 'less'), wish(1, 1), wish(1, 2)]),
  ],
  'a row that fails costs its neighbours nothing, and is not acknowledged': [
    issue('partial'),
    new Poison([wish(0, 0, 'less'), wish(0, 1, 'less')]),
  ],
  'a day is East African, to the millisecond': [
    issue('partial'),
    new MoveClock('last-of-day', 0),
    new Pay(wish(0, 0, 'cent')),
    new MoveClock('next-day', 0),
    new Pay(wish(0, 1, 'cent')),
    new MoveClock('hours', 0),
    new Pay(wish(0, 2, 'cent')),
  ],
  'a bill is payable at its last instant, and not after': [
    issue('exact', {}, 2 * hour),
    issue('partial', {}, 2 * hour),
    new Pay(wish(1, 0, 'less')),
    new MoveClock('expiry', 0),
    new Pay(wish(0, 0)),
    new Pay(wish(1, 0, 'less')),
    new MoveClock('past-expiry', 0),
    new Pay(wish(1, 1)),
    new Pay(wish(1, 2)),
    new Cancel(1),
  ],
  'a bill that was cancelled takes nothing, and can be cancelled once': [
    issue('partial'),
    new Cancel(0),
    new Pay(wish(0, 0)),
    new Pay(wish(0, 1, 'less')),
    new Cancel(0),
  ],
  'what is too much is kept apart, and what is too little refused': [
    issue('full'),
    new Pay(wish(0, 0, 'less')),
    new Pay(wish(0, 0, 'usd')),
    new Pay(wish(0, 0, 'more')),
    issue('partial', { minimum: 20_000n }),
    new Pay(wish(1, 0, 'cent')),
    new Pay(wish(1, 0, 'least')),
    new Pay(wish(1, 0, 'more')),
    issue('limited', { limit: 75_000n }),
    new Pay(wish(2, 0)),
    new Pay(wish(2, 0, 'less')),
    new Pay(wish(2, 0, 'less')),
    issue('partial', { parts: [70_000n, 30_000n], minimum: 2n }),
    new Pay(wish(3, 0, 'less')),
    new Pay(wish(3, 2, 'more')),
    new Cancel(3),
  ],
  'nobody who was deaf is forgotten': [
    issue('partial'),
    issue('exact'),
    new Deafen(true),
    new Pay(wish(0, 0, 'less')),
    new Deafen(false),
    new Together([wish(0, 1, 'less'), wish(1, 2)], 1, 'none'),
  ],
};
