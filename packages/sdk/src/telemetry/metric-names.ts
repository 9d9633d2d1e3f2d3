/** The metrics that the SDK reports of itself. */
export const ERROR_RATE = 'http.error_rate';
export const LATENCY = 'http.latency';
export const CLIENT_ABORT = 'http.client_abort';
export const DENIED = 'http.denied';
