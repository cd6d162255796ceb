-- Times are milliseconds since 1970 UTC; ids of messages, sessions and transfers are 16 bytes, PeerIds 32; what is
-- called sealed is encrypted under the store key. A statement ends with a semicolon at the end of a line.

CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  store BLOB NOT NULL,          -- 16 random bytes: which store this is
  wrapped_key BLOB NOT NULL,    -- the store key, wrapped by the identity key
  made_at INTEGER NOT NULL,
  commits INTEGER NOT NULL,     -- one more with each transaction
  vault_check BLOB,             -- sealed: opens only under the right store key
  open INTEGER NOT NULL,        -- 1 while a node has it open: a stop was not clean where the next start finds it
  backed_up_at INTEGER          -- set in the copy that a backup is
);

-- Each start seals under a key of its own: derived from the store key and the salt.
CREATE TABLE vault (
  run INTEGER PRIMARY KEY,
  salt BLOB NOT NULL
);

-- seq counts outgoing and incoming messages together: the order of the history, and of ids within the outbox.
CREATE TABLE outgoing (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  scope INTEGER NOT NULL,
  group_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  body BLOB NOT NULL            -- sealed
);

CREATE TABLE delivery (
  peer BLOB NOT NULL,
  seq INTEGER NOT NULL,
  state INTEGER NOT NULL,       -- 0 queued, 1 sent; 2 delivered, 3 refused, 4 expired, 5 cancelled
  expires_at INTEGER,           -- of outgoing, where it is sooner than the protocol's limit
  sent_at INTEGER,
  ended_at INTEGER,
  session BLOB,
  epoch INTEGER,
  n INTEGER,
  reason TEXT,
  PRIMARY KEY (peer, seq)
) WITHOUT ROWID;

CREATE INDEX delivery_of_message ON delivery (seq);
CREATE INDEX delivery_waiting ON delivery (peer, seq) WHERE state < 2;
CREATE INDEX delivery_expiring ON delivery (expires_at) WHERE state < 2 AND expires_at IS NOT NULL;

-- The attempts before the one in delivery.
CREATE TABLE earlier_attempt (
  peer BLOB NOT NULL,
  seq INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  session BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (peer, seq, session, epoch, n)
) WITHOUT ROWID;

CREATE TABLE incoming (
  seq INTEGER PRIMARY KEY,
  peer BLOB NOT NULL,
  id BLOB NOT NULL,
  session BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,     -- the sender's claim
  scope INTEGER NOT NULL,
  group_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  body BLOB NOT NULL,           -- sealed
  UNIQUE (peer, id)
);

CREATE INDEX incoming_of_peer ON incoming (peer, seq, size);

-- Up to which message of a peer the operator has read.
CREATE TABLE read_mark (
  peer BLOB PRIMARY KEY,
  seq INTEGER NOT NULL
) WITHOUT ROWID;

-- Messages that were deleted: a repetition is still told from a new one.
CREATE TABLE seen (
  peer BLOB NOT NULL,
  id BLOB NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (peer, id)
) WITHOUT ROWID;

CREATE TABLE peer_group (
  name TEXT PRIMARY KEY,
  made_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE group_member (
  name TEXT NOT NULL REFERENCES peer_group (name) ON DELETE CASCADE,
  peer BLOB NOT NULL,
  PRIMARY KEY (name, peer)
) WITHOUT ROWID;

CREATE TABLE transfer (
  id BLOB NOT NULL,
  peer BLOB NOT NULL,
  outgoing INTEGER NOT NULL,    -- 1: this node sends it
  created_at INTEGER NOT NULL,
  name BLOB NOT NULL,           -- sealed
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,         -- empty while the file is being handed over
  state INTEGER NOT NULL,       -- of TransferState, by its place
  position INTEGER NOT NULL,    -- bytes of the spooled file that are on the disk for certain
  ended_at INTEGER,
  reason TEXT,
  PRIMARY KEY (peer, id, outgoing)
) WITHOUT ROWID;

CREATE INDEX transfer_by_age ON transfer (created_at);
