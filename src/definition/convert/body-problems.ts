import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';

/** What can be wrong with a text that should hold a body, still without its place. None of them shows text of the command. */
export type Problem = Omit<Diagnostic, 'at'>;

export const emptyBody: Problem = {
  severity: 'error',
  code: 'empty-body',
  message: 'Nothing to convert',
  detail: 'The text is empty. A JSON body of POST /instances or a cURL command that sends one should stand here.',
};

export const severalCommands: Problem = {
  severity: 'error',
  code: 'several-bodies',
  message: 'Several commands',
  detail: 'The text holds more than one cURL command, and a definition describes one instance.',
  hint: 'Put each command in a file of its own and name all the files.',
};

export const noData: Problem = {
  severity: 'error',
  code: 'no-body',
  message: 'The command sends no body',
  detail: 'The cURL command has no -d, --data or --json, so there is nothing to make a definition of.',
};

export const textAfterBody: Problem = {
  severity: 'error',
  code: 'text-after-body',
  message: 'Text after the body',
  detail: 'The JSON body is complete, but more follows, and it is not clear what it belongs to.',
  hint: 'Leave only the body, or put each body in a file of its own.',
};

export const unclosedQuote: Problem = {
  severity: 'error',
  code: 'unclosed-quote',
  message: 'Quote without an end',
  detail: 'The quote that opens here never closes, so the command cannot be split into words.',
};

export const unescapedQuotes: Problem = {
  severity: 'warning',
  code: 'unescaped-quotes',
  message: 'Unescaped quotes in the command',
  detail:
    'The body stands in single quotes and holds single quotes itself. A shell would take them away; the body was read as written.',
};

export const shellVariable: Problem = {
  severity: 'warning',
  code: 'shell-variable',
  message: 'Shell variable in the body',
  detail: 'The shell would have replaced a variable or command in the body. It was kept as written.',
  hint: 'Check the definition for text that begins with a dollar sign.',
};

export function dataInFile(name: string): Problem {
  const isInput = name === '-' || name === '';
  return {
    severity: 'error',
    code: 'body-in-file',
    message: 'The body stands in another file',
    detail: 'The cURL command reads the body from a file. Convert opens only the files that it was given.',
    hint: isInput ? 'Give the body itself.' : `Give the file itself:\n  connectorctl convert ${name}`,
  };
}

export function otherData(option: string): Problem {
  return {
    severity: 'error',
    code: 'no-body',
    message: 'The command sends no JSON body',
    detail: `${option} sends something else than a JSON body, so there is nothing to make a definition of.`,
  };
}

export function notACreate(method: string): Problem {
  return {
    severity: 'warning',
    code: 'not-a-create',
    message: 'The command makes no instance',
    detail: `The command sends ${/^[A-Z]{1,10}$/.test(method) ? method : 'another method'}, not POST, so its body may be only a part of the instance.`,
  };
}

export function notJson(message: string): Problem {
  return { severity: 'error', code: 'invalid-json', message: 'Not valid JSON', detail: `${message}.` };
}

export function notAnObject(value: Json): Problem {
  if (!Array.isArray(value))
    return {
      severity: 'error',
      code: 'not-an-object',
      message: 'Not a body of an instance',
      detail: 'The JSON is a single value. A body is an object with element, name and configuration.',
    };
  return {
    severity: 'error',
    code: 'several-bodies',
    message: 'Several bodies',
    detail: `The JSON is a list of ${value.length}, and a definition describes one instance.`,
    hint: 'Put each body in a file of its own and name all the files. To take over live instances:\n  connectorctl import --all',
  };
}
