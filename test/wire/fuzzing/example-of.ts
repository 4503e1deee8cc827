import type { Form } from '../../../lib/wire/members.ts';

/** A value that fits a schema, made of it alone: every member is there, and ids bear the names of their members. */
export function exampleOf(form: Form, path = ''): unknown {
  if (form.const !== undefined) return form.const;
  if (form.enum) return form.enum[0];
  if (form.type === 'integer') return form.minimum ?? 1;
  if (form.items) return [exampleOf(form.items, path)];
  if (form.properties)
    return Object.fromEntries(
      Object.entries(form.properties).map(([name, inner]) => [
        name,
        exampleOf(inner, path === '' ? name : `${path}.${name}`),
      ]),
    );
  const text = [path, '2026-01-31T09:30:00Z', 'ab'.repeat(32), handleFor({})].find((one) => fits(form, one));
  if (text === undefined) throw new Error(`${path}: add a text of the form ${JSON.stringify(form)} here`);
  return text;
}

/** A handle that says it is bound to the example's credential; nothing opens it. */
export function handleFor(over: { readonly partner?: string }): string {
  const binding = {
    authority: 'credential.authority',
    partner: 'credential.partner',
    credential: 'credential.id',
  };
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'key-1', ...binding, ...over };
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}..aa.bb.cc`;
}

/** Whether a value fits: JSON Schema as far as ours goes, and without the library that the product parses with. */
export function fits(form: Form, value: unknown): boolean {
  if (form.const !== undefined) return value === form.const;
  if (form.enum) return form.enum.some((one) => one === value);
  if (form.type === 'integer')
    return Number.isSafeInteger(value) && within(Number(value), form.minimum, form.maximum);
  if (form.type === 'string')
    return (
      typeof value === 'string' &&
      within(value.length, form.minLength, form.maxLength) &&
      (form.pattern === undefined || new RegExp(form.pattern).test(value))
    );
  const { items, properties } = form;
  if (items)
    return (
      Array.isArray(value) &&
      within(value.length, undefined, form.maxItems) &&
      value.every((one) => fits(items, one))
    );
  if (!properties) throw new Error(`no rule for ${JSON.stringify(form)}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const given = value as Readonly<Record<string, unknown>>;
  return Object.entries(properties).every(([name, inner]) =>
    Object.hasOwn(given, name) ? fits(inner, given[name]) : !form.required?.includes(name),
  );
}

const within = (number: number, min = -Infinity, max = Infinity): boolean => number >= min && number <= max;
