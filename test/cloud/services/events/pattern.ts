import { compileMatcher, invalidPattern, isLeaf, isRecord, type Leaf } from './matchers.ts';

/** Whether an event matches. */
export type Pattern = (event: unknown) => boolean;

/** Tests one place of an event; `root` is the whole event, for fields that must not exist anywhere. */
type NodeTest = (node: unknown, root: unknown) => boolean;

/**
 * An event pattern as EventBridge documents it: every named field must match; inside a field any one value of
 * the list is enough; `$or` takes alternatives; an array in the event matches by any of its elements, and the
 * fields of an object in an array must match in the same element.
 * Throws `InvalidEventPatternException` naming the reason.
 */
export function compilePattern(pattern: unknown): Pattern {
  const test = compileObject(pattern, []);
  return (event) => test(event, event);
}

function compileObject(pattern: unknown, path: readonly string[]): NodeTest {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0)
    throw invalidPattern(`Empty objects are not allowed${path.length > 0 ? ` at ${path.join('.')}` : ''}`);
  const tests = Object.entries(pattern).map(([key, value]) =>
    key === '$or' && Array.isArray(value) ? compileOr(value, path) : compileField(key, value, path),
  );
  const ofObject: NodeTest = (node, root) => tests.every((test) => test(node, root));
  return (node, root) => objectsIn(node).some((object) => ofObject(object, root));
}

function compileOr(alternatives: readonly unknown[], path: readonly string[]): NodeTest {
  if (alternatives.length < 2) throw invalidPattern('$or needs at least two alternatives');
  const tests = alternatives.map((alternative) => compileObject(alternative, path));
  return (node, root) => tests.some((test) => test(node, root));
}

function compileField(key: string, value: unknown, parent: readonly string[]): NodeTest {
  const path = [...parent, key];
  if (!Array.isArray(value)) {
    if (!isRecord(value)) throw invalidPattern(`"${path.join('.')}" must be an object or an array`);
    const test = compileObject(value, path);
    return (node, root) => test(fieldOf(node, key), root);
  }
  if (value.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path.join('.')}`);
  const matchers = value.map(compileMatcher);
  return (node, root) => {
    const leaves = leavesOf(fieldOf(node, key));
    return matchers.some((matcher) => {
      if (matcher.kind === 'value') return leaves.some(matcher.test);
      return matcher.wanted ? leaves.length > 0 : leavesAt(root, path).length === 0;
    });
  };
}

/** The objects that a pattern object can be held against; what is none counts as one without fields. */
function objectsIn(node: unknown): readonly unknown[] {
  if (Array.isArray(node) && node.length > 0) return node.flatMap(objectsIn);
  return [node];
}

function fieldOf(node: unknown, key: string): unknown {
  return isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

function leavesOf(value: unknown): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isLeaf(value) ? [value] : [];
}

/** Every value at this path, through all arrays on the way. */
function leavesAt(node: unknown, path: readonly string[]): readonly Leaf[] {
  const [key, ...rest] = path;
  if (key === undefined) return leavesOf(node);
  if (Array.isArray(node)) return node.flatMap((element) => leavesAt(element, path));
  return leavesAt(fieldOf(node, key), rest);
}
