/**
 * The daily control tests: every invariant of `audit verify`, from the business day on, and that money is conserved
 * within the day.
 */
import { invariants } from './invariants';

/** Within one business day, by currency. */
export const conservationControls = ['payments-posted', 'payments-placed', 'day-balanced'] as const;
export type ConservationControl = (typeof conservationControls)[number];

/** In the order in which they run and are shown. */
export const controls: readonly string[] = [
  ...conservationControls,
  ...invariants.map(({ id }) => id),
];

export function isConservation(control: string): control is ConservationControl {
  return (conservationControls as readonly string[]).includes(control);
}

/** The first that has no result yet. */
export function nextControl(done: readonly string[]): string | undefined {
  return controls.find((each) => !done.includes(each));
}
