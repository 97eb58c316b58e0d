import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';

/** What can be wrong with a text that should hold a body, still without its place. None of them shows text of the command. */
export type Problem = Omit<Diagnostic, 'at'>;

export const emptyBody: Problem = {
  severity: 'error',
  code: 'empty-body',
  message: 'Nothing to convert',
  detail: 'The text is empty. A JSON body of POST /instances, or a cURL command that sends one, is expected.',
};

export const severalCommands: Problem = {
  severity: 'error',
  code: 'several-bodies',
  message: 'Several commands',
  detail: 'The text contains more than one cURL command, but a definition describes one instance.',
  hint: 'Put each command in its own file, and pass all the files.',
};

export const noData: Problem = {
  severity: 'error',
  code: 'no-body',
  message: 'The command sends no body',
  detail: 'The cURL command has no -d, --data or --json, so there is nothing to convert.',
};

export const textAfterBody: Problem = {
  severity: 'error',
  code: 'text-after-body',
  message: 'Text after the body',
  detail: 'The JSON body is complete, but more text follows, and it is not clear what it belongs to.',
  hint: 'Keep only the body, or put each body in its own file.',
};

export const unclosedQuote: Problem = {
  severity: 'error',
  code: 'unclosed-quote',
  message: 'Unterminated quote',
  detail: 'The quote that opens here is never closed, so the command cannot be split into words.',
};

export const unescapedQuotes: Problem = {
  severity: 'warning',
  code: 'unescaped-quotes',
  message: 'Unescaped quotes in the command',
  detail:
    'The body is in single quotes and contains single quotes itself. A shell would remove them; the body was read as written.',
};

export const shellVariable: Problem = {
  severity: 'warning',
  code: 'shell-variable',
  message: 'Shell variable in the body',
  detail: 'A shell would have replaced a variable or command in the body. It was kept as written.',
  hint: 'Check the definition for text that begins with a dollar sign.',
};

export const formulaCommand: Problem = {
  severity: 'error',
  code: 'formula-instance',
  message: 'A formula instance, not a connector instance',
  detail:
    'The request makes an instance of a formula. connectorctl manages connector instances and leaves formulas alone.',
  hint: 'Convert the commands that make the connector instances which the formula works with.',
};

export function noCreate(others: readonly string[]): Problem {
  return {
    severity: 'error',
    code: 'no-create',
    message: 'No request creates an instance',
    detail: `None of the requests is a POST to /instances or to /elements/{key}/instances. Found: ${listSome(others)}.`,
    hint: 'Pass the request that creates the instance, or its JSON body. To take over instances that exist:\n  connectorctl import --all',
  };
}

export function requestsLeft(others: readonly string[]): Problem {
  return {
    severity: 'warning',
    code: 'requests-left-out',
    message: 'Other requests left out',
    detail: `Only what creates an instance becomes a definition. Left out: ${listSome(others)}.`,
  };
}

export function variablesLeft(names: readonly string[]): Problem {
  return {
    severity: 'warning',
    code: 'variables-left',
    message: 'Variables without a value',
    detail: `The body has variables whose values are not in the file: ${listSome(names)}. References to secrets and variables stand in their place.`,
    hint: 'Set the variables in the workspace file, and the secrets where your secrets are.',
  };
}

/** A JSON body that stands inside something else cannot be shown: it is said where in it the fault is. */
export function faultyBody(request: string, fault: string): Problem {
  return {
    severity: 'error',
    code: 'invalid-json',
    message: 'Not valid JSON',
    detail: `The body of ${request} cannot be read: ${fault}.`,
    hint: 'Correct the body there, or put it alone into a file and pass that.',
  };
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

export function dataInFile(name: string): Problem {
  const isInput = name === '-' || name === '';
  return {
    severity: 'error',
    code: 'body-in-file',
    message: 'The body is in another file',
    detail: 'The cURL command reads the body from a file. convert opens only the files that it was given.',
    hint: isInput ? 'Pass the body itself.' : `Pass the file itself:\n  connectorctl convert ${name}`,
  };
}

export function otherData(option: string): Problem {
  return {
    severity: 'error',
    code: 'no-body',
    message: 'The command sends no JSON body',
    detail: `${option} sends something other than a JSON body, so there is nothing to convert.`,
  };
}

export function notACreate(method: string): Problem {
  return {
    severity: 'warning',
    code: 'not-a-create',
    message: 'The command creates no instance',
    detail: `The command sends ${/^[A-Z]{1,10}$/.test(method) ? method : 'another method'}, not POST, so its body may be only part of the instance.`,
  };
}

/** A definition of ours, which needs no converting. */
export const isDefinition: Problem = {
  severity: 'error',
  code: 'already-a-definition',
  message: 'A definition already',
  detail: 'The file is a definition in YAML, as convert writes them.',
  hint: 'Put it below instances/, and check it:\n  connectorctl validate',
};

/** @param isJson it begins as JSON, and is broken */
export function notJson(message: string, isJson: boolean): Problem {
  return {
    severity: 'error',
    code: 'invalid-json',
    message: 'Not valid JSON',
    detail: `${message}.`,
    ...(isJson
      ? {}
      : {
          hint: 'convert reads JSON bodies, cURL and PowerShell commands, Postman collections, and pages with any of them. From code in another language, put the JSON body alone into a file.',
        }),
  };
}

export function notAnObject(value: Json): Problem {
  if (!Array.isArray(value))
    return {
      severity: 'error',
      code: 'not-an-object',
      message: 'Not the body of an instance',
      detail: 'The JSON is a single value. A body is an object with element, name and configuration.',
    };
  return {
    severity: 'error',
    code: 'several-bodies',
    message: 'Several bodies',
    detail: `The JSON is a list of ${value.length}, but a definition describes one instance.`,
    hint: 'Put each body in its own file, and pass all the files. To take over live instances:\n  connectorctl import --all',
  };
}
