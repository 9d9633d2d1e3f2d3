import { GENESIS_HASH } from '../../chain.ts';

export const firstMigration = `
CREATE TABLE head (
  log TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  -- Of the intake: log position up to which rollout changes have been copied into it.
  copied_through INTEGER NOT NULL
) STRICT;
INSERT INTO head VALUES ('control', 0, '${GENESIS_HASH}', 0, 0), ('intake', 0, '', 0, 0);

CREATE TABLE log (
  position INTEGER PRIMARY KEY,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  body TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
CREATE INDEX log_by_subject ON log (subject, position);
-- What is in the chain stays as it is, whatever the program does.
CREATE TRIGGER log_keeps BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_stays BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE idempotency (
  key TEXT PRIMARY KEY,
  command_hash TEXT NOT NULL,
  first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL,
  answer TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (at_ms);

CREATE TABLE pages (
  id TEXT PRIMARY KEY,
  nonce TEXT NOT NULL,
  mac TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;

CREATE TABLE intake (
  sequence INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  source TEXT,
  report_sequence INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX intake_once ON intake (source, report_sequence) WHERE source IS NOT NULL;
CREATE INDEX intake_by_age ON intake (at_ms);

CREATE TABLE state_cache (
  position INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoint (
  sequence INTEGER PRIMARY KEY,
  state TEXT NOT NULL
) STRICT;
`;
