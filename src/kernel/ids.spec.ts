/** Identifiers: the form of RFC 9562 version 7, their order, and that none comes twice. */
import { newId } from './ids';

const many = Array.from({ length: 20_000 }, () => newId());

it('are UUIDs of version 7', () => {
  const isVersion7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(many.filter((id) => !isVersion7.test(id))).toEqual([]);
});

it('begin with the time in milliseconds', () => {
  const ms = Number.parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
  expect(Math.abs(Date.now() - ms)).toBeLessThan(60_000);
});

it('sort in the order they were made, also within a millisecond', () => {
  expect(many.toSorted()).toEqual(many);
  expect(new Set(many).size).toBe(many.length);
});

it('stay in order when one millisecond makes more than its counter holds', () => {
  jest.useFakeTimers();
  try {
    const frozen = Array.from({ length: 10_000 }, () => newId());
    expect(frozen.toSorted()).toEqual(frozen);
  } finally {
    jest.useRealTimers();
  }
});

it('stay in order when the clock of the machine is set back', () => {
  const before = newId();
  jest.useFakeTimers({ now: 0 });
  try {
    expect(newId() > before).toBe(true);
  } finally {
    jest.useRealTimers();
  }
});
