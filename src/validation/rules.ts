import type { DocumentRule, RuleText, WorkspaceRule } from './rule.ts';
import { adoptForAll } from './rules/adopt-for-all.ts';
import { adoptNotNumeric } from './rules/adopt-not-numeric.ts';
import { booleanLike } from './rules/boolean-like.ts';
import { brokenUrl } from './rules/broken-url.ts';
import { commentInValue } from './rules/comment-in-value.ts';
import { dateFormatQuotes } from './rules/date-format-quotes.ts';
import { duplicateAdopt } from './rules/duplicate-adopt.ts';
import { duplicateKey } from './rules/duplicate-key.ts';
import { duplicateName } from './rules/duplicate-name.ts';
import { duplicateTag } from './rules/duplicate-tag.ts';
import { emptyValue } from './rules/empty-value.ts';
import { eventsWithoutCallback } from './rules/events-without-callback.ts';
import { externalAuthentication } from './rules/external-authentication.ts';
import { htmlInText } from './rules/html-in-text.ts';
import { ignoreWithoutKey } from './rules/ignore-without-key.ts';
import { insecureCallback } from './rules/insecure-callback.ts';
import { intervalNotWholeMinutes } from './rules/interval-not-whole-minutes.ts';
import { invalidKey } from './rules/invalid-key.ts';
import { keyMismatch } from './rules/key-mismatch.ts';
import { keyNeeded } from './rules/key-needed.ts';
import { literalMask } from './rules/literal-mask.ts';
import { literalPlaceholder } from './rules/literal-placeholder.ts';
import { literalSecret } from './rules/literal-secret.ts';
import { longName } from './rules/long-name.ts';
import { malformedReference } from './rules/malformed-reference.ts';
import { misplacedField } from './rules/misplaced-field.ts';
import { misplacedReference } from './rules/misplaced-reference.ts';
import { missingField } from './rules/missing-field.ts';
import { nestedKey } from './rules/nested-key.ts';
import { nullInConfiguration } from './rules/null-in-configuration.ts';
import { oddCharacter } from './rules/odd-character.ts';
import { pollerNotJson } from './rules/poller-not-json.ts';
import { pollerResourceInConfiguration } from './rules/poller-resource-in-configuration.ts';
import { pollerUrlQuotes } from './rules/poller-url-quotes.ts';
import { pollerWithoutIdField } from './rules/poller-without-id-field.ts';
import { pollerWithoutUrl } from './rules/poller-without-url.ts';
import { reservedTag } from './rules/reserved-tag.ts';
import { secretOutsideConfiguration } from './rules/secret-outside-configuration.ts';
import { surroundingBlanks } from './rules/surrounding-blanks.ts';
import { tagsInConfiguration } from './rules/tags-in-configuration.ts';
import { unknownEnvironment } from './rules/unknown-environment.ts';
import { unknownEventKey } from './rules/unknown-event-key.ts';
import { unknownField } from './rules/unknown-field.ts';
import { unknownOauthKey } from './rules/unknown-oauth-key.ts';
import { unknownPollerField } from './rules/unknown-poller-field.ts';
import { unknownPlatformPlaceholder } from './rules/unknown-platform-placeholder.ts';
import { unsetReference } from './rules/unset-reference.ts';
import { unusedOverride } from './rules/unused-override.ts';
import { unusualValue } from './rules/unusual-value.ts';
import { vendorType } from './rules/vendor-type.ts';
import { unknownConnector } from './rules/unknown-connector.ts';
import { unknownConfigurationKey } from './rules/unknown-configuration-key.ts';
import { missingConfigurationKey } from './rules/missing-configuration-key.ts';
import { unknownOption } from './rules/unknown-option.ts';
import { platformKey } from './rules/platform-key.ts';
import { wrongType } from './rules/wrong-type.ts';

/** Rules that need one document only, by code. */
export const documentRules: readonly DocumentRule[] = [
  adoptForAll,
  adoptNotNumeric,
  booleanLike,
  brokenUrl,
  commentInValue,
  dateFormatQuotes,
  duplicateTag,
  emptyValue,
  eventsWithoutCallback,
  externalAuthentication,
  htmlInText,
  ignoreWithoutKey,
  insecureCallback,
  intervalNotWholeMinutes,
  invalidKey,
  keyMismatch,
  keyNeeded,
  literalMask,
  literalPlaceholder,
  literalSecret,
  longName,
  malformedReference,
  misplacedField,
  misplacedReference,
  missingField,
  nestedKey,
  nullInConfiguration,
  oddCharacter,
  pollerNotJson,
  pollerResourceInConfiguration,
  pollerUrlQuotes,
  pollerWithoutIdField,
  pollerWithoutUrl,
  reservedTag,
  secretOutsideConfiguration,
  surroundingBlanks,
  tagsInConfiguration,
  unknownEnvironment,
  unknownEventKey,
  unknownField,
  unknownOauthKey,
  unknownPlatformPlaceholder,
  unknownPollerField,
  unsetReference,
  unusedOverride,
  unusualValue,
  vendorType,
  unknownConnector,
  unknownConfigurationKey,
  missingConfigurationKey,
  unknownOption,
  platformKey,
  wrongType,
];

/** Rules that compare documents. */
export const workspaceRules: readonly WorkspaceRule[] = [duplicateAdopt, duplicateKey, duplicateName];

/** What every rule is about: for reports that explain codes. */
export const rules: readonly RuleText[] = [...documentRules, ...workspaceRules];
