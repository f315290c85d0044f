/** Places at a host: as many as there are, no more for one than are left to others, then in line until the time is up. */
import { HostPlaces } from './host-places';

it('gives one recipient no more places than it leaves free, and others of the host theirs', async () => {
  const places = new HostPlaces(4);
  expect(await places.take('a', 'x', 0)).toBe(true);
  expect(await places.take('a', 'x', 0)).toBe(true);
  expect(await places.take('a', 'x', 0)).toBe(false);
  expect(await places.take('a', 'y', 0)).toBe(true);
  expect(await places.take('a', 'z', 0)).toBe(true);
  expect(await places.take('a', 'w', 0)).toBe(false);
  expect(await places.take('b', 'x', 0)).toBe(true);
});

it('lets in who waits in order of coming, past those who hold enough', async () => {
  const places = new HostPlaces(2);
  await places.take('a', 'x', 0);
  const order: string[] = [];
  const come = (who: string, as: string) =>
    places.take('a', who, 60_000).then(() => order.push(as));
  const greedy = come('x', 'x again');
  expect(await places.take('a', 'y', 0)).toBe(true);
  const third = come('z', 'z');
  places.leave('a', 'y');
  await third;
  expect(order).toEqual(['z']);
  places.leave('a', 'x');
  await greedy;
  expect(order).toEqual(['z', 'x again']);
});

it('lets go of who waited too long, and gives the place to the next', async () => {
  const places = new HostPlaces(1);
  await places.take('a', 'x', 0);
  const patient = places.take('a', 'y', 60_000);
  expect(await places.take('a', 'z', 1)).toBe(false);
  places.leave('a', 'x');
  expect(await patient).toBe(true);
  places.leave('a', 'y');
  expect(await places.take('a', 'z', 0)).toBe(true);
});
