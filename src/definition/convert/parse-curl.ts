import { connectorOfUrl } from './request-kind.ts';
import { readShellWords } from './shell-words.ts';
import type { ShellWord } from './shell-words.ts';

/** One piece of data on the command line. */
export interface CurlData {
  readonly option: string;
  readonly word: ShellWord;
}

/** What convert needs of a cURL command. Headers and credentials are read over and never kept. */
export interface CurlCommand {
  /** Upper case, as given by `-X`; undefined when curl would choose it. */
  readonly method?: string;
  /** From `/elements/{key}/instances` in the URL (platform-api §3). */
  readonly connector?: string;
  /** The first address. It may hold credentials, so no message shows it. */
  readonly url: string;
  readonly data: readonly CurlData[];
  /** The command has a form, a file to upload or another sort of data that is no JSON text. */
  readonly otherData?: string;
  /** True when a second `curl` follows. */
  readonly several: boolean;
  /** Offset of a quote that never closes. */
  readonly unclosed?: number;
}

interface Option {
  readonly name: string;
  readonly value?: ShellWord;
}

const dataOptions = new Set(['-d', '--data', '--data-ascii', '--data-raw', '--data-binary', '--json']);
const otherDataOptions = new Set(['-F', '--form', '--form-string', '-T', '--upload-file', '--data-urlencode']);
/** Letters of curl's short options that take a value. */
const lettersWithValue = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz';
/** curl's long options without a value; every other one takes the next word. */
const flags = new Set(
  (
    'append basic compressed compressed-ssh create-dirs digest fail fail-early fail-with-body get globoff head http1.0 http1.1 http2 ' +
    'http3 include insecure ipv4 ipv6 location location-trusted negotiate netrc no-buffer no-keepalive no-progress-meter ntlm ' +
    'parallel path-as-is progress-bar raw remote-name show-error silent ssl-reqd styled-output tcp-nodelay tlsv1 tlsv1.0 tlsv1.1 ' +
    'tlsv1.2 tlsv1.3 trace-time verbose'
  )
    .split(' ')
    .map((name) => `--${name}`),
);

/** Reads a cURL command line. Runs nothing, opens no file. */
export function parseCurl(text: string): CurlCommand {
  const { words, unclosed } = readShellWords(text.replace(/^(\s*)[$>#](?=\s+curl)/, '$1 '));
  const options = readOptions(words.slice(1));
  const method = options.findLast(({ name }) => name === '-X' || name === '--request')?.value?.text.toUpperCase();
  const urls = options.filter(({ name }) => name === '' || name === '--url');
  const connector = urls.map(({ value }) => connectorOfUrl(value?.text ?? '')).find((key) => key !== undefined);
  const otherData = options.find(({ name }) => otherDataOptions.has(name))?.name;
  return {
    ...(method === undefined ? {} : { method }),
    ...(connector === undefined ? {} : { connector }),
    url: urls.find(({ value }) => /[/.:]|\$|instances/.test(value?.text ?? ''))?.value?.text ?? '',
    data: options.flatMap(({ name, value }) => (dataOptions.has(name) && value ? [{ option: name, word: value }] : [])),
    ...(otherData === undefined ? {} : { otherData }),
    several: urls.some(({ value }) => value?.text === 'curl'),
    ...(unclosed === undefined ? {} : { unclosed }),
  };
}

/** A word that belongs to no option has the name ''. */
function readOptions(words: readonly ShellWord[]): readonly Option[] {
  const options: Option[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const option = readOption(word);
    const value = option.value ?? (takesValue(option.name) ? words[(index += 1)] : undefined);
    options.push(value ? { ...option, value } : option);
  }
  return options;
}

function readOption(word: ShellWord): Option {
  const { text } = word;
  if (!text.startsWith('-') || text === '-') return { name: '', value: word };
  if (text.startsWith('--')) return { name: text };
  // `-sXPOST` is `-s -X POST`: flags in front, the first letter with a value takes the rest of the word.
  const at = text.slice(1).search(new RegExp(`[${lettersWithValue}]`)) + 1;
  if (at === 0) return { name: text.slice(0, 2) };
  const name = `-${text.charAt(at)}`;
  return at + 1 < text.length ? { name, value: cut(word, at + 1) } : { name };
}

function takesValue(name: string): boolean {
  if (name.startsWith('--')) return !flags.has(name) && !name.startsWith('--no-');
  return name.length === 2 && lettersWithValue.includes(name.charAt(1));
}

function cut(word: ShellWord, from: number): ShellWord {
  const offsets = word.offsets.slice(from);
  // The opening quote, if there is one, stands directly before the first character of the value.
  return { text: word.text.slice(from), offsets, start: (offsets[0] ?? word.start) - 1, expands: word.expands };
}
