import { known, TemplateError } from './template-error.ts';

/** What an intrinsic may ask for. */
export interface Scope {
  /** Value of `Ref`; `undefined` is `AWS::NoValue`: whatever holds it goes without. */
  ref(id: string, where: string): string | undefined;
  attribute(id: string, attribute: string, where: string): string;
}

type Intrinsic = (argument: unknown, scope: Scope, where: string) => unknown;

/**
 * The intrinsic functions that the template uses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, where) => scope.ref(text(argument, where), where),
  'Fn::GetAtt': (argument, scope, where) => scope.attribute(...attributePath(argument, where), where),
  'Fn::Join': (argument, scope, where) => {
    const [separator, parts] = pair(evaluate(argument, scope, where), where);
    return list(parts, where)
      .map((part) => text(part, where))
      .join(text(separator, where));
  },
  'Fn::Split': (argument, scope, where) => {
    const [separator, whole] = pair(evaluate(argument, scope, where), where);
    return text(whole, where).split(text(separator, where));
  },
  'Fn::Select': (argument, scope, where) => {
    const [index, values] = pair(evaluate(argument, scope, where), where);
    const selected = list(values, where)[Number(index)];
    if (selected === undefined)
      throw new TemplateError(where, `Fn::Select has no item ${JSON.stringify(index)} in its list`);
    return selected;
  },
  'Fn::Sub': (argument, scope, where) => {
    const [template, variables] = subParts(argument, where);
    return template.replace(placeholder, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const variable = variables[name];
      if (variable !== undefined) return text(evaluate(variable, scope, where), where);
      const [id, attribute] = splitOnce(name);
      return attribute === undefined
        ? text(scope.ref(id, where), where)
        : scope.attribute(id, attribute, where);
    });
  },
};

/** `${Name}`, `${Name.Attribute}`, and `${!Name}`, which stands for itself. */
const placeholder = /\$\{(!?)([^}]+)\}/g;

/** Resolves all intrinsics below a value. Throws `TemplateError` for one that it does not know. */
export function evaluate(value: unknown, scope: Scope, where: string): unknown {
  if (Array.isArray(value))
    return value
      .map((item: unknown, index) => evaluate(item, scope, `${where}[${index}]`))
      .filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const found = intrinsicOf(value, where);
  if (found) return found.evaluate(found.argument, scope, where);
  return Object.fromEntries(
    Object.entries(value)
      .map(
        ([name, member]: [string, unknown]) => [name, evaluate(member, scope, `${where}.${name}`)] as const,
      )
      .filter(([, member]) => member !== undefined),
  );
}

/** The resources and pseudo parameters that a value asks for, found without resolving anything. */
export function referencesIn(value: unknown, where: string): ReadonlySet<string> {
  const asked = new Set<string>();
  walk(value, where, (id) => void asked.add(id));
  return asked;
}

function walk(value: unknown, where: string, note: (id: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  const found = Array.isArray(value) ? undefined : intrinsicOf(value, where);
  if (found?.name === 'Ref') return note(text(found.argument, where));
  if (found?.name === 'Fn::GetAtt') return note(attributePath(found.argument, where)[0]);
  if (found?.name === 'Fn::Sub') {
    const [template, variables] = subParts(found.argument, where);
    for (const [, literal, name = ''] of template.matchAll(placeholder))
      if (!literal && !(name in variables)) note(splitOnce(name)[0]);
    return walk(variables, where, note);
  }
  for (const member of Object.values(value) as unknown[]) walk(member, where, note);
}

function intrinsicOf(value: object, where: string) {
  const names = Object.keys(value);
  const name = names.find((key) => key === 'Ref' || key.startsWith('Fn::'));
  if (name === undefined) return undefined;
  const evaluateIntrinsic = intrinsics[name];
  if (!evaluateIntrinsic)
    throw new TemplateError(
      where,
      `the intrinsic function ${name} is not known (${known(Object.keys(intrinsics))})`,
    );
  if (names.length > 1)
    throw new TemplateError(where, `${name} stands beside other members: ${names.join(', ')}`);
  return { name, argument: (value as Record<string, unknown>)[name], evaluate: evaluateIntrinsic };
}

function attributePath(argument: unknown, where: string): [id: string, attribute: string] {
  const [id, attribute] =
    typeof argument === 'string'
      ? splitOnce(argument)
      : pair(argument, where).map((part) => text(part, where));
  return [text(id, where), text(attribute, where)];
}

function subParts(argument: unknown, where: string): [string, Readonly<Record<string, unknown>>] {
  if (typeof argument === 'string') return [argument, {}];
  const [template, variables] = pair(argument, where);
  return [text(template, where), variables as Record<string, unknown>];
}

function splitOnce(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot < 0 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function pair(value: unknown, where: string): [unknown, unknown] {
  const items = list(value, where);
  if (items.length !== 2) throw new TemplateError(where, `two arguments were expected, not ${items.length}`);
  return [items[0], items[1]];
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new TemplateError(where, `a list was expected, not ${typeof value}`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TemplateError(where, `text was expected, not ${typeof value}`);
}
