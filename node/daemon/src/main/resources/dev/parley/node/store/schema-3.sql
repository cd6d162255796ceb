-- The bridge to a message broker. Up to which message of the history what came is published; no row: no bridge is in use.
CREATE TABLE bridge_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  published INTEGER NOT NULL
);

-- Messages of the broker that were taken into the outbox: one that is handed over again is not taken again.
CREATE TABLE bridge_taken (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX bridge_taken_by_age ON bridge_taken (at);
