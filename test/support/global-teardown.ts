/** After the flow specs: stops the server that global-setup started and removes its folder. */
import './global-setup';

async function globalTeardown(): Promise<void> {
  await globalThis.stopTestServer?.();
}

export = globalTeardown;
