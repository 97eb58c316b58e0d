import { isJsonObject, type Json } from '../../model/json.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Path } from '../subject.ts';

export const adoptNotNumeric: DocumentRule = {
  code: 'adopt-not-numeric',
  severity: 'error',
  message: 'Id is not a number',
  help: 'Instances are numbered by the platform. The name, the token or the key of an instance cannot take its place.',
  hides: 'schema',
  check: ({ fields: { adopt } }) => {
    if (adopt === undefined) return [];
    return isJsonObject(adopt)
      ? Object.entries(adopt).flatMap(([environment, id]) => check(id, ['adopt', environment]))
      : check(adopt, ['adopt']);
  },
};

function check(id: Json, path: Path): readonly Finding[] {
  if (typeof id === 'number' ? Number.isSafeInteger(id) && id > 0 : typeof id !== 'string' || /^\d+$/.test(id))
    return [];
  return [
    {
      path,
      detail: `\`${path.join('.')}\` must be the number of a live instance, with digits only.`,
      hint: 'Find it in the list of instances on the platform: `GET /instances` calls it `id`.',
    },
  ];
}
