/**
 * What each item of the check means for a start where it is not fine. `stops`: a start is refused while it is
 * so, and by the same function. `warns`: a start is taken, and what is said is likely to hold it, to weaken it,
 * or to be missed later. `tells`: it is never more than a word to people.
 */
export const CHECK_CODES = {
  owner_declared: 'warns',
  way_back_declared: 'stops',
  data_compatibility_declared: 'warns',
  guarded: 'warns',
  holdback_kept: 'tells',
  not_expired: 'warns',
  services_unchecked: 'warns',
  migrations_unchecked: 'warns',
  telemetry_readable: 'warns',
  metric_arrives: 'warns',
  window_closes: 'warns',
  traffic_known: 'warns',
  traffic_suffices: 'warns',
  duration: 'warns',
  margin_tells: 'warns',
  mean_known: 'tells',
  mean_spread: 'warns',
  units_measured: 'tells',
  telemetry_lost: 'warns',
  rehearsed: 'stops',
  service_present: 'warns',
  sdks_current: 'warns',
  exposures_reported: 'warns',
} as const satisfies Readonly<Record<string, 'stops' | 'warns' | 'tells'>>;

export type CheckCode = keyof typeof CHECK_CODES;
