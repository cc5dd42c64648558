import { createRequire } from 'node:module';
import { Transform, TransformationType } from 'class-transformer';
import type { MetadataStorage } from 'class-transformer/types/MetadataStorage.js';

class Probe {
  probed: unknown;
}

/**
 * What class-transformer's decorators say. The library does not export it, so it is taken for what it is only when it
 * knows a decorator that was just used.
 * @param load gives the library's own module
 * @returns undefined: a version of the library has it elsewhere
 */
export function storageIn(load: () => unknown): MetadataStorage | undefined {
  try {
    Transform(({ value }) => value)(Probe.prototype, 'probed');
    const { defaultMetadataStorage: storage } = load() as { readonly defaultMetadataStorage: MetadataStorage };
    const found = storage.findTransformMetadatas(Probe, 'probed', TransformationType.PLAIN_TO_CLASS);
    return found.length > 0 ? storage : undefined;
  } catch {
    return undefined;
  }
}

const require = createRequire(import.meta.url);

export const transformerStorage = storageIn(() => require('class-transformer/cjs/storage.js'));
