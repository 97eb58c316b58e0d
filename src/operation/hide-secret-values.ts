import type { LiveInstance } from '../model/live.ts';
import { isPlatformMask } from '../model/placeholder.ts';
import type { PlatformReader, PlatformWriter } from '../model/platform.ts';
import { askSecrets, isPlainValue, isSwitch } from '../model/secret-entry.ts';
import { type Redactor, Secret } from '../model/secret.ts';
import type { OfflineFacts } from './offline-facts.ts';

/** Keys of vendors are longer than any name of a person's account, in characters. */
const shortestKey = 8;

interface HideOptions {
  readonly facts: OfflineFacts;
  readonly redactor: Redactor;
}

/**
 * A reader whose instances hold as `Secret` what the catalogue calls one, and the redactor knows it from then on. The wire knows keys only, and many
 * an API key stands under `username`, which the platform does not mask (platform-facts B2).
 */
export function hideInReader<Reader extends PlatformReader>(reader: Reader, options: HideOptions): Reader {
  const hide = createHider(options);
  return {
    ...reader,
    listInstances: async (selection) => hide(await reader.listInstances(selection)),
    readInstance: async (id) => {
      const live = await reader.readInstance(id);
      return live === undefined ? undefined : (await hide([live]))[0];
    },
  };
}

/** The same for a writer, whose answers are instances too. */
export function hideInWriter(writer: PlatformWriter, options: HideOptions): PlatformWriter {
  const hide = createHider(options);
  const hideOne = async <Live extends LiveInstance>(live: Live): Promise<Live> => (await hide([live]))[0] ?? live;
  return {
    ...hideInReader(writer, options),
    createInstance: async (request) => hideOne(await writer.createInstance(request)),
    updateInstance: async (id, request) => hideOne(await writer.updateInstance(id, request)),
    reauthorizeInstance: async (id, request) => hideOne(await writer.reauthorizeInstance(id, request)),
  };
}

function createHider({
  facts,
  redactor,
}: HideOptions): <Live extends LiveInstance>(all: readonly Live[]) => Promise<readonly Live[]> {
  const isSecret = askSecrets(facts.find);
  return async (all) => {
    await facts.load(all.map(({ connector }) => connector));
    return all.map((live) => {
      const { connector, configuration } = live;
      if (configuration === undefined) return live;
      const found = [...configuration].filter(([key, value]) => isOpen(value) && isSecret(connector, key));
      if (found.length === 0) return live;
      const hidden = new Map(configuration);
      for (const [key, value] of found) hidden.set(key, toSecret(value, `configuration.${key} of instance ${live.id}`));
      return { ...live, configuration: hidden };
    });
  };

  function toSecret(value: string | Secret | null, origin: string): Secret | null {
    if (typeof value !== 'string') return value;
    const secret = new Secret(value, origin);
    // A number or a word says nothing, and stands in many texts: where there is a name and a password, people put a name there.
    if (!isPlainValue(value) && value.length >= shortestKey) redactor.add(secret);
    return secret;
  }
}

function isOpen(value: string | Secret | null): value is string {
  return typeof value === 'string' && value !== '' && !isPlatformMask(value) && !isSwitch(value);
}
