import type { ServerContext } from '../http/context.ts';

/** Checks the whole hash chain beside the event loop; the result stands in metrics, `/readyz` and log. */
export function verifyInBackground({ store, health, logger }: ServerContext): void {
  store.verify().then(
    (report) => {
      health.chain = report;
      if (report.intact) logger.info({ position: report.position }, 'the chain is intact');
      else logger.error(report, 'the chain is broken');
    },
    (error: unknown) => {
      if (health.stopping) return;
      health.chain = 'failed';
      logger.error({ err: error }, 'the chain could not be checked');
    },
  );
}
