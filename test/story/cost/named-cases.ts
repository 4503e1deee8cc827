import { caseKinds } from '../../../lib/domain/case/case.ts';

/** What may stand between the slashes of a case id: percent-encoded parts, and the colon inside a credential. */
const inSegment = String.raw`[\w\-.!~*'()%:]`;

/** A whole id, `consent-withdrawn/consent-1/1/1`: neither its end nor its beginning lies inside a longer segment. */
const caseIdPattern = new RegExp(
  String.raw`(?<!${inSegment})(?:${caseKinds.join('|')})/${inSegment}+/\d+/\d+(?!${inSegment})`,
  'g',
);

/** Every case that a request names: in keys, in subjects of the ledger, in message bodies, however deep the JSON. */
export function casesNamedIn(input: unknown): ReadonlySet<string> {
  // no character of an id is escaped in JSON, so that JSON inside strings of JSON still shows it
  return new Set(JSON.stringify(input).match(caseIdPattern));
}
