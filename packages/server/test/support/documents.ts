/** A boolean release flag with a rollout declared in production. */
export function checkoutFlag(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    flag: 'new-checkout',
    kind: 'release',
    type: 'boolean',
    owner: 'team-checkout',
    purpose: 'one-page checkout',
    variants: { on: true, off: false },
    safe: 'off',
    environments: {
      production: { serve: 'off', rollout: { plan: 'canary', to: 'on', attempt: 1 } },
      staging: { serve: 'off' },
    },
    ...changes,
  };
}

/** A guarded plan with batches of a second, so that a test can live through it. */
export function canaryPlan(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    plan: 'canary',
    baseline: '3s',
    batch: '1s',
    horizons: ['1s'],
    stages: [
      { share: '50%', bake: '2s' },
      { share: '100%', bake: '10s' },
    ],
    guardrails: [{ metric: 'http.error_rate', margin: { relative: '5%', absolute: 0.0005 } }],
    reactionTime: '10s',
    ...changes,
  };
}

/** A plan without guardrails or baseline: its first stage is entered at once. */
export function unguardedPlan(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    plan: 'canary',
    stages: [
      { share: '10%', bake: '1h' },
      { share: '100%', bake: '1h' },
    ],
    ...changes,
  };
}
