import { quoteWord } from '../../model/shell-word.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { isAnswer } from './answer-to-body.ts';
import type { Problem } from './body-problems.ts';

/** More would be no command that anybody reads. */
const maxIds = 20;

/** JSON of the platform that is no body of an instance: says what it is, and what to do with it. */
export function recognizeOther(value: Json): Problem | undefined {
  if (Array.isArray(value)) return recognizeList(value);
  if (!isJsonObject(value)) return undefined;
  if (isEvent(value)) return eventPayload(value);
  if (Array.isArray(value['events']) && !('configuration' in value)) return eventPayload(value);
  if (isConnector(value)) return connectorExport(value['key']);
  if (Array.isArray(value['steps']) && (Array.isArray(value['triggers']) || Array.isArray(value['trigger'])))
    return formulaTemplate;
  if (isConfigurationEntry(value)) return configurationEntries;
  if (isConsentAnswer(value)) return consentAnswer;
  if (Array.isArray(value['topics']) && 'channel' in value) return subscription;
  if (isFormulaInstance(value)) return formulaInstance;
  if (Array.isArray(value['values']) && typeof value['_postman_variable_scope'] === 'string') return postmanEnvironment;
  if (isErrorAnswer(value)) return errorAnswer;
  return isOfOther(value) ? noBody : undefined;
}

/** What a body or an answer about an instance holds at least one of. */
const bodyFields =
  'element elementId elementKey connector connectorKey key id name token tags configuration providerData externalAuthentication body instance'.split(
    ' ',
  );

/** JSON of some other program: a recording of a browser, a manifest. */
function isOfOther(value: JsonObject): boolean {
  return Object.keys(value).length > 0 && bodyFields.every((field) => value[field] === undefined);
}

/** A connection that is there already: a definition of it would make a second one. */
export function liveInstance(value: JsonObject): Problem | undefined {
  const id = idOf(value);
  if (!isAnswer(value) || id === undefined) return undefined;
  return {
    severity: 'warning',
    code: 'live-instance',
    message: 'The instance exists already',
    detail: `This is what the platform answers about the instance ${id}. Applying the converted definition would create a second connection.`,
    hint: `Import the instance instead:\n  connectorctl import --id ${id}`,
  };
}

function recognizeList(items: readonly Json[]): Problem | undefined {
  const [first] = items;
  if (!isJsonObject(first)) return undefined;
  if (isEvent(first)) return eventPayload(first);
  if (isConnector(first)) return connectorExport(undefined);
  if (isConfigurationEntry(first)) return configurationEntries;
  if (Array.isArray(first['topics']) && 'channel' in first) return subscription;
  const ids = items.map((item) => (isJsonObject(item) && isAnswer(item) && !isFormulaInstance(item) ? idOf(item) : ''));
  if (ids.some((id) => id === '' || id === undefined)) return isFormulaInstance(first) ? formulaInstance : undefined;
  return {
    severity: 'error',
    code: 'live-instances',
    message: 'These instances exist already',
    detail: `The JSON is the platform's list of ${items.length} live instance${items.length === 1 ? '' : 's'}. Definitions made from it would create second connections.`,
    hint:
      ids.length > maxIds
        ? 'Import the instances instead:\n  connectorctl import --all'
        : `Import the instances instead:\n  connectorctl import --id ${ids.join(' ')}`,
  };
}

function idOf({ id }: JsonObject): string | undefined {
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
  return /^\d{1,15}$/.test(text) ? text : undefined;
}

/** What arrives at a callback address (platform-api §10). */
function isEvent({ message, topic, events, element, configuration }: JsonObject): boolean {
  if (element !== undefined || configuration !== undefined) return false;
  if (isJsonObject(message)) return 'elementKey' in message || 'events' in message || typeof topic === 'string';
  return Array.isArray(events) && typeof topic === 'string';
}

/** What `GET /elements/{key}` and an export give: its configuration is a list (platform-api §8). */
function isConnector({ configuration, resources, key }: JsonObject): boolean {
  if (typeof key !== 'string') return false;
  return Array.isArray(configuration) ? configuration.every(isJsonObject) : Array.isArray(resources);
}

/** The body of `POST /formulas/{id}/instances`, or its answer: variables with ids of instances, no connector (platform-facts G1). */
function isFormulaInstance(value: JsonObject): boolean {
  if (isJsonObject(value['formula']) || 'formulaId' in value) return true;
  if (['element', 'connector', 'providerData', 'tags', 'externalAuthentication'].some((key) => key in value))
    return false;
  return 'active' in value && isJsonObject(value['configuration']);
}

/** Of `GET /instances/{id}/configuration`, or the body that changes one (platform-api §5). */
function isConfigurationEntry(value: JsonObject): boolean {
  return 'propertyValue' in value && !('configuration' in value);
}

/** What the steps of a consent answer: the address to open, or a token of OAuth 1 (platform-api §9). */
function isConsentAnswer(value: JsonObject): boolean {
  if (typeof value['oauthUrl'] === 'string') return true;
  return ['token', 'secret'].every((field) => typeof value[field] === 'string') && Object.keys(value).length === 2;
}

function isErrorAnswer(value: JsonObject): boolean {
  return typeof value['message'] === 'string' && 'requestId' in value && !('configuration' in value);
}

function eventPayload(event: JsonObject): Problem {
  const id = senderOf(event);
  const next = `connectorctl import --id ${id ?? 'ID'}`;
  return {
    severity: 'error',
    code: 'event-payload',
    message: 'An event, not an instance',
    detail:
      'This is an event as the platform delivers it to a callback URL. It says what changed, and nothing of how the instance is configured.',
    hint: `Take over the instance that sent it${id === undefined ? '; its id is `message.instance_id`' : ''}:\n  ${next}`,
  };
}

/** The id of the instance; older events write it as one word. */
function senderOf({ message }: JsonObject): string | undefined {
  const { instance_id: id, instanceId } = isJsonObject(message) ? message : {};
  return idOf({ id: id ?? instanceId ?? null });
}

const formulaInstance: Problem = {
  severity: 'error',
  code: 'formula-instance',
  message: 'A formula instance, not a connector instance',
  detail:
    'It fills the variables of a formula with ids of connector instances. connectorctl manages connector instances and leaves formulas alone.',
  hint: 'Convert the connector instances that its variables name. A replaced instance gets a new id, so formula instances that name it must be changed by hand.',
};

const configurationEntries: Problem = {
  severity: 'error',
  code: 'configuration-entries',
  message: 'Entries of a configuration, not an instance',
  detail:
    'These are single settings of an instance that exists, as GET /instances/{id}/configuration answers them. They do not say which instance it is.',
  hint: 'Import the instance; its id stands in the address of the request:\n  connectorctl import --id ID',
};

const consentAnswer: Problem = {
  severity: 'error',
  code: 'consent-answer',
  message: 'A step of a login, not an instance',
  detail:
    'This is what the platform answers on the way to the consent of a person. The instance is created by the request after it.',
  hint: 'Convert the body of that POST /instances. For a definition, the whole way is:\n  connectorctl authorize KEY',
};

const subscription: Problem = {
  severity: 'error',
  code: 'notification-subscription',
  message: 'A subscription to events, not an instance',
  detail:
    'It says where the events of an instance are sent. The platform makes it from the configuration of the instance.',
  hint: 'Import the instance; its id stands in `topics`, between `instance-` and the connector:\n  connectorctl import --id ID',
};

const formulaTemplate: Problem = {
  severity: 'error',
  code: 'formula-template',
  message: 'A formula, not an instance',
  detail:
    'This is the export of a formula, with steps and triggers. connectorctl manages connector instances and leaves formulas alone.',
  hint: 'Convert the connector instances that the formula works with.',
};

const postmanEnvironment: Problem = {
  severity: 'error',
  code: 'postman-environment',
  message: 'A Postman environment, not a collection',
  detail: 'It holds values for variables and no request, so there is nothing to convert.',
  hint: 'Export the collection (as v2.1), and convert that file.',
};

const noBody: Problem = {
  severity: 'error',
  code: 'not-a-body',
  message: 'Not about an instance',
  detail:
    'The JSON has nothing that a body of POST /instances has: no element (or connector), name, configuration or tags.',
  hint: 'Put the JSON body that creates the instance alone into a file. To take over live instances:\n  connectorctl import --all',
};

const errorAnswer: Problem = {
  severity: 'error',
  code: 'error-answer',
  message: 'An error of the platform, not an instance',
  detail: 'This is how the platform answers a request that it refused. It says nothing of an instance.',
  hint: 'Convert the body that was sent, or what GET /instances/{id} answers.',
};

function connectorExport(key: Json | undefined): Problem {
  const known = typeof key === 'string' && /^[\w.()-]{1,80}$/.test(key) ? key : 'KEY';
  return {
    severity: 'error',
    code: 'connector-export',
    message: 'A connector, not an instance',
    detail: 'This describes a connector: which keys its instances have. It says nothing of a single instance.',
    hint: `Save it as schema/connectors/${known}.json, where validate reads it, and write a definition for it with:\n  connectorctl init --connector ${quoteWord(known)}`,
  };
}
