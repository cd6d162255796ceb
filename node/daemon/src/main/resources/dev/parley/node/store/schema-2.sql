-- What peers have signed of their own logs, in the order in which it came.
CREATE TABLE witness (
  peer BLOB NOT NULL,
  n INTEGER NOT NULL,           -- counts from 1 for each peer
  seq INTEGER NOT NULL,         -- of the line
  hash BLOB NOT NULL,           -- SHA-256 over it
  time TEXT NOT NULL,           -- when the peer said so, 27 characters
  signature BLOB NOT NULL,
  came_at INTEGER NOT NULL,
  evidence INTEGER NOT NULL,    -- 1: it contradicts another, or another contradicts it; it is kept for good
  PRIMARY KEY (peer, n)
) WITHOUT ROWID;

CREATE INDEX witness_line ON witness (peer, seq);
