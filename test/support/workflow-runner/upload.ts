import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const inputNames = new Set(['name', 'path', 'include-hidden-files', 'if-no-files-found']);

/**
 * Which files actions/upload-artifact would keep, relative to the checkout, as far as our workflows use it (its README): plain paths,
 * files and folders, hidden ones only when asked for.
 */
export function listUpload(inputs: Readonly<Record<string, string>>, workspace: string): readonly string[] {
  const strange = Object.keys(inputs).filter((name) => !inputNames.has(name));
  if (strange.length > 0) throw new Error(`this upload-artifact knows no input ${strange.join(', ')}`);
  if (!/^[^"<>|*?:\\/\r\n]+$/.test(inputs['name'] ?? '')) throw new Error('the name cannot be that of an artifact');
  const places = (inputs['path'] ?? '').split('\n').filter((line) => line !== '');
  const found = places.flatMap((place) => listFiles(path.join(workspace, place)));
  const names = found.map((file) => path.relative(workspace, file));
  const isKept = (name: string): boolean =>
    inputs['include-hidden-files'] === 'true' || !name.split('/').some((part) => part.startsWith('.'));
  const kept = names.filter(isKept).toSorted();
  if (kept.length === 0 && inputs['if-no-files-found'] !== 'ignore') throw new Error('there is nothing to keep');
  return kept;
}

function listFiles(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).flatMap((name) => listFiles(path.join(place, name)));
}
