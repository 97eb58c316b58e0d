import { events } from './events.ts';
import { fileNames } from './file-names.ts';
import type { Fuzzer } from './fuzzer.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { notifications } from './notifications.ts';
import { plainYaml } from './plain-yaml.ts';
import { tags } from './tags.ts';
import { yaml } from './yaml.ts';

/** One for each way by which strangers' text gets in. */
export const fuzzers: readonly Fuzzer[] = [markdown, yaml, plainYaml, json, tags, fileNames, events, notifications];
