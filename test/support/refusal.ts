/** The refusal that something throws, to be compared. */
import { Refusal } from '../../src/kernel/refusal';

export function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (fault) {
    if (fault instanceof Refusal) return fault;
    throw fault;
  }
  throw new Error('nothing was refused');
}
