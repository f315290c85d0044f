/** Places at a host: as many as there are, then in line, and out of the line when the time is up. */
import { HostPlaces } from './host-places';

it('gives places to as many as there are, and then in order of coming', async () => {
  const places = new HostPlaces(2);
  expect(await places.take('a', 0)).toBe(true);
  expect(await places.take('a', 0)).toBe(true);
  expect(await places.take('b', 0)).toBe(true);
  const order: number[] = [];
  const third = places.take('a', 60_000).then(() => order.push(3));
  const fourth = places.take('a', 60_000).then(() => order.push(4));
  places.leave('a');
  await third;
  places.leave('a');
  await fourth;
  expect(order).toEqual([3, 4]);
});

it('lets go of who waited too long, and gives the place to the next', async () => {
  const places = new HostPlaces(1);
  await places.take('a', 0);
  const patient = places.take('a', 60_000);
  expect(await places.take('a', 1)).toBe(false);
  places.leave('a');
  expect(await patient).toBe(true);
  places.leave('a');
  expect(await places.take('a', 0)).toBe(true);
});
