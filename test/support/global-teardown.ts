/** After the specs: stops the servers that the set-ups started and removes their folders. */
import { stopTestServers } from './test-server';

export = stopTestServers;
