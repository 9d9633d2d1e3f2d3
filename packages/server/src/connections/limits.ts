/** How many connections there may be. */
export interface ConnectionLimits {
  /** Without an authorised request yet, all together. */
  readonly strangers: number;
  /** Of them, those from one address. */
  readonly strangersPerAddress: number;
  /** With an authorised request of an SDK. What is left is for people and scripts: `down` must get through. */
  readonly sdk: number;
}

/** Descriptors of the store, its copies, the log and what Node has open itself. */
const FILES = 64;
const MOST_STRANGERS = 4_096;
const STRANGERS_SHARE = 1 / 4;
const PER_ADDRESS_SHARE = 1 / 8;
/** Where the system tells no limit. */
const DESCRIPTORS = 1_024;

/** Limits that fit into `descriptors`, which this process may have open; `strangers` where somebody chose it. */
export function connectionLimits(descriptors: number, strangers?: number): ConnectionLimits {
  const room = Math.max(FILES, descriptors - FILES);
  const chosen = strangers ?? Math.min(MOST_STRANGERS, Math.floor(room * STRANGERS_SHARE));
  const most = Math.max(1, Math.min(chosen, Math.floor(room / 2)));
  return {
    strangers: most,
    strangersPerAddress: Math.max(1, Math.floor(most * PER_ADDRESS_SHARE)),
    sdk: room - most,
  };
}

/** The soft limit of open files of this process. */
export function openFilesLimit(): number {
  if (process.platform === 'win32') return DESCRIPTORS;
  // Without looking up the name of every peer.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: UserLimits };
  const { soft } = userLimits?.open_files ?? {};
  if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER;
  return typeof soft === 'number' && soft > 0 ? soft : DESCRIPTORS;
}

interface UserLimits {
  readonly open_files?: { readonly soft?: number | 'unlimited' };
}
