import { explain } from '../../wire/explain.ts';
import { type OperateAnswer, operateRequest, type OperateRequest, urlEvent } from '../../wire/operate.ts';
import { type Approve, approveCollateral } from './approve.ts';
import { type CutOffs, executeCutOff, previewCutOff } from './cut-off.ts';
import { type Forget, forgetCustomer } from './forget.ts';
import { type Holds, reinstate, suspend } from './holds.ts';
import { orderRotation, type OrderRotation } from './order-rotation.ts';
import { refusal } from './refusal.ts';
import { type Register, registerAuthority, registerClient, registerPartner } from './register.ts';

export type Operate = Register & CutOffs & Holds & OrderRotation & Approve & Forget;

/** An HTTP response in the shape that a function URL expects. */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Carries out one operator's order. The operator is the identity that AWS verified (`requestContext.authorizer.iam`); an event
 * without it did not come through the function URL, and throws. A refused order changes nothing. Throws if the store cannot be
 * reached: the caller may retry.
 */
export async function operate(event: unknown, deps: Operate): Promise<UrlAnswer> {
  const { requestContext, body = '', isBase64Encoded } = urlEvent.parse(event);
  const by = requestContext.authorizer.iam.userArn;
  const read =
    requestContext.http.method === 'POST'
      ? readRequest(body, isBase64Encoded)
      : 'send a POST with a JSON body';
  const done = typeof read === 'string' ? refusal('malformed', read) : await obey(read, by, deps);
  deps.log.info('order', {
    ...(typeof read !== 'string' && { command: read.command }),
    by,
    kind: done.kind,
    ...(typeof read !== 'string' && caseIn(read)),
    ...caseIn(done),
    ...(done.kind === 'refused' && { code: done.code, reason: done.reason }),
  });
  return answer(done);
}

function obey(request: OperateRequest, by: string, deps: Operate): Promise<OperateAnswer> {
  switch (request.command) {
    case 'register-partner':
      return registerPartner(request.partner, by, deps);
    case 'register-authority':
      return registerAuthority(request.authority, by, deps);
    case 'register-client':
      return registerClient(request.client, by, deps);
    case 'plan':
      return previewCutOff(request, by, deps);
    case 'execute':
      return executeCutOff(request, by, deps);
    case 'suspend':
      return suspend(request, by, deps);
    case 'reinstate':
      return reinstate(request, by, deps);
    case 'rotate':
      return orderRotation(request, by, deps);
    case 'forget':
      return forgetCustomer(request, by, deps);
    case 'approve':
      return approveCollateral(request, by, deps);
  }
}

/** The case that an order or its answer names. */
const caseIn = (said: OperateRequest | OperateAnswer) => ('case' in said ? { case: said.case } : {});

/** Returns the request, or a sentence that says what is wrong with it. */
function readRequest(body: string, isBase64: boolean): OperateRequest | string {
  let json: unknown;
  try {
    json = JSON.parse(isBase64 ? fromBase64(body) : body);
  } catch {
    return 'the body is not JSON';
  }
  const parsed = operateRequest.safeParse(json);
  return parsed.success ? parsed.data : explain(parsed.error, 'the body');
}

// atob returns one character per byte
const fromBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));

const statuses: Partial<Record<OperateAnswer['kind'], number>> = { asked: 202, refused: 409 };

const answer = (said: OperateAnswer): UrlAnswer => ({
  statusCode: said.kind === 'refused' && said.code === 'malformed' ? 400 : (statuses[said.kind] ?? 200),
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(said),
});
