-- In which trace a message is, trace id[16] | span id[8] | flags: so a message that waits for a day is still in it. Nearly always none.
ALTER TABLE outgoing ADD COLUMN trace BLOB;
