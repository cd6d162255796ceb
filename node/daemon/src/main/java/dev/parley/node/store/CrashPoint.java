package dev.parley.node.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The instants at which a death of the process would show a mistake in the order of commit and acknowledgement. Tests start
 * a node with the system property {@value #PROPERTY} set to {@code NAME} or {@code NAME:count}: it halts there, as by
 * kill -9, when the point is reached for the count-th time. Without the property each costs one comparison.
 */
public enum CrashPoint {
    /** Everything of a transaction is done but the commit. */
    STORE_BEFORE_COMMIT,
    /** The commit is durable, nobody knows it yet. */
    STORE_AFTER_COMMIT,
    /** A message is sealed and handed to the socket, the store does not know it yet. */
    OUTBOX_AFTER_SEAL,
    /** The peer's acknowledgement is here, the store does not know it yet. */
    OUTBOX_BEFORE_SETTLING,
    /** A message has come and opened, and is not stored yet. */
    INBOX_BEFORE_STORING,
    /** A message is stored, its acknowledgement has not left yet. */
    INBOX_BEFORE_ACK,
    /** A chunk of a file is in the spool, its position is not durable yet. */
    SPOOL_AFTER_WRITE,
    /** A file is whole and its hash is right, the store does not know it yet. */
    TRANSFER_BEFORE_COMPLETE,
    /** The broker has acknowledged what was published, the store does not know it yet. */
    BRIDGE_BEFORE_CURSOR,
    /** A message of the broker is in the outbox, the broker does not know it yet. */
    BRIDGE_BEFORE_ACK,
    /** The next identity key has its certificate, nothing else has changed. */
    IDENTITY_CERTIFIED,
    /** The store key is wrapped by the next identity key, which is not in its place yet. */
    IDENTITY_REWRAPPED,
    /** net.log has the change of the identity, sealed by both; nothing of the files of the keys has changed. */
    IDENTITY_SEALED,
    /** The old identity key is put aside: there is none in its place. */
    IDENTITY_ASIDE,
    /** The next identity key is in its place, net.log does not know it yet. */
    IDENTITY_IN_PLACE,
    /** net.log knows the change, the old key is still there. */
    IDENTITY_LOGGED,
    /** The old key is overwritten and its file still there. */
    IDENTITY_WIPED;

    /** Names the point, and how often it is passed before. No setting of the node: those begin with "parley.". */
    public static final String PROPERTY = "dev.parley.crash-point";

    private static final int KILLED = 137;
    private static final String NAME = System.getProperty(PROPERTY, "").replaceAll(":.*", "");
    private static final AtomicLong LEFT =
            new AtomicLong(Long.parseLong(System.getProperty(PROPERTY, "1").replaceAll("^[A-Z_]+:?", "0")));

    /** Does nothing, unless this is the point to die at. */
    public void reached() {
        if (!NAME.isEmpty() && name().equals(NAME) && LEFT.decrementAndGet() <= 0) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
