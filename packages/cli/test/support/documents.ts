/** Plans without guardrails climb by their bakes alone: quick, and the same every time. */
export const planDocument = `plan: quick
batch: 1s
horizons: [1s]
stages:
  - { share: 10%, bake: 1s }
  - { share: 50%, bake: 1s }
  - { share: 100%, bake: 1s }
proof: { reached: 2s, silent: 3s, recovered: 4s }
`;

/** A plan that stays in its first stage for longer than any test lasts. */
export const slowPlanDocument = planDocument.replaceAll('bake: 1s', 'bake: 1h');

export function flagDocument(key: string, more = ''): string {
  return `flag: ${key}
kind: release
type: boolean
owner: team-checkout
purpose: checkout on one page
variants: { on: true, off: false }
safe: off
environments:
  production:
    serve: off
    rollout: { plan: quick, to: on }
${more}`;
}
