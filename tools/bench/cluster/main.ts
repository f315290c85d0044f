/**
 * Several gateway processes of the role http behind one port: Node's cluster hands them the listening socket. What an
 * operator would run as instances behind a balancer, without the balancer.
 */
import cluster from 'node:cluster';
import { join } from 'node:path';
import { projectRoot } from '../../../src/installation';

const processes = Number(process.env['BENCH_PROCESSES'] ?? '2');
cluster.schedulingPolicy = cluster.SCHED_RR;
cluster.setupPrimary({ exec: join(projectRoot, 'dist/src/main.js'), args: [] });
for (let i = 0; i < processes; i++) cluster.fork();

let isStopping = false;
const stop = (): void => {
  isStopping = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
cluster.on('exit', () => {
  if (!isStopping) process.exit(1);
  if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
});
