/**
 * Validates XML against the published schemas in a thread of its own: libxml2-wasm has a top-level await, which Jest
 * cannot load, and its memory is outside the garbage collector, so every document is disposed.
 * In: { id, schema, xml }, out: { id, faults }. Ends when told to: 'stop'.
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

/** By file name; a schema is parsed once. */
const validators = new Map();

function validatorOf(schema) {
  const kept = validators.get(schema);
  if (kept !== undefined) return kept;
  const document = XmlDocument.fromBuffer(readFileSync(`${workerData}/${schema}`));
  try {
    const validator = XsdValidator.fromDoc(document);
    validators.set(schema, validator);
    return validator;
  } finally {
    document.dispose();
  }
}

function faultsOf(schema, xml) {
  let document;
  try {
    const validator = validatorOf(schema);
    document = XmlDocument.fromString(xml);
    validator.validate(document);
    return [];
  } catch (fault) {
    return fault.details?.map((detail) => detail.message.trim()) ?? [fault.message];
  } finally {
    document?.dispose();
  }
}

parentPort.on('message', (message) => {
  if (message !== 'stop') {
    const { id, schema, xml } = message;
    parentPort.postMessage({ id, faults: faultsOf(schema, xml) });
    return;
  }
  for (const validator of validators.values()) validator.dispose();
  parentPort.close();
});
