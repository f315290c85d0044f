/**
 * What the processes of one gateway tell each other, through the one that started them (process-group.ts). In a process
 * that stands alone nothing is told and nothing comes.
 */
import cluster from 'node:cluster';

/** Taken from token buckets since the last time: key, how many, and the rate it was taken at. */
export type Taken = readonly [key: string, count: number, perSecond: number, burst: number];

/** From a process to the one that started it. */
export type ToPrimary =
  | { readonly kind: 'ready' }
  | { readonly kind: 'taken'; readonly buckets: string; readonly taken: readonly Taken[] }
  | { readonly kind: 'metrics-wanted'; readonly id: number };

/** And back; what was taken comes from the others. */
export type FromPrimary =
  | Extract<ToPrimary, { kind: 'taken' }>
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string };

export const isSibling = cluster.isWorker;

export function tellPrimary(message: ToPrimary): void {
  if (isSibling && process.connected) process.send?.(message);
}

/** Returns how to stop listening. */
export function onPrimary<Kind extends FromPrimary['kind']>(
  kind: Kind,
  act: (message: Extract<FromPrimary, { kind: Kind }>) => void,
): () => void {
  if (!isSibling) return () => undefined;
  const listener = (message: FromPrimary): void => {
    if (message.kind === kind) act(message as Extract<FromPrimary, { kind: Kind }>);
  };
  process.on('message', listener);
  return () => process.off('message', listener);
}
