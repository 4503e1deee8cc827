import type { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf, type TemplateResource } from '../unbundled.ts';

/** The alarms of a template, by the words of their construct: `OperationsDebtsNotMeasured`. */
export function alarmsOf(template: Template): ReadonlyMap<string, TemplateResource['Properties']> {
  const alarms = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
  return new Map(
    alarms.map(([id, { Properties }]) => [
      id.replace(/^Operations(.*)Alarm[0-9A-F]{8}$/, '$1').replace(/[0-9A-F]{8}$/, ''),
      Properties,
    ]),
  );
}

interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::Select'?: readonly unknown[];
  readonly 'Fn::Join'?: readonly [separator: string, parts: readonly unknown[]];
}

/** The text of a property, references by the names of what they refer to. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, ['Fn::Join']: join, ['Fn::GetAtt']: att, ['Fn::Select']: selected } = value as Reference;
  if (Ref !== undefined) return `{${Ref}}`;
  if (att) return `{${att.join('.')}}`;
  if (selected) return `{${JSON.stringify(selected)}}`;
  if (!join) throw new Error(`no text: ${JSON.stringify(value)}`);
  const [separator, parts] = join;
  return parts.map(textOf).join(separator);
}
