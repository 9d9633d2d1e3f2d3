export type { Clock } from './clock/clock.ts';
export { OptionError } from './config/option-error.ts';
export {
  flagOf,
  OPTION_NAMES,
  type OptionEntry,
  type OptionName,
  OPTIONS,
  type OptionType,
  variableOf,
} from './config/options.ts';
export { type OptionSources, readOptions } from './config/read-options.ts';
export type { ServerOptions } from './config/server-options.ts';
export { CATALOGUE, type CatalogueEntry } from './error/catalogue.ts';
export { type OfflineRehearsal, type OfflineResult, rehearseOffline } from './rehearsal/offline.ts';
export type { ReportJson } from './rehearsal/report-json.ts';
export { type RunningServer, type ServerSeams, startServer, STORE_FILE } from './serve.ts';
export type { BackupReport, ChainReport } from './store/contract.ts';
export {
  StoreBehindError,
  StoreHeldError,
  type StoreHolder,
  StoreUnusableError,
} from './store/errors.ts';
export { backupSqliteStore } from './store/sqlite/backup.ts';
export { type RestoreReport, restoreSqliteStore } from './store/sqlite/restore.ts';
export { verifyChain } from './store/sqlite/verify-chain.ts';
