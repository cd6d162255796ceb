package dev.parley.node.control;

import dev.parley.protocol.crypto.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What only the start of the node knows; there is one bean of this type. Callable from any thread. */
public interface NodeFacts {
    /** Whether the identity is loaded and the node listens; before, nothing but this may be asked. */
    boolean ready();

    /** Who this node is. */
    Identity identity();

    /** A request for a certificate of the node's key, PEM, signed with it. @param names DNS names and URIs, ASCII */
    String certificateRequest(List<String> names);

    /** The node's consent to the attack lab, as a token; costs milliseconds. */
    String attackAllowance(Instant until);

    /** When the node was ready. */
    Instant startedAt();

    /** What the operator has to know of net.log, one sentence each. */
    List<String> warnings();

    /** Whether net.log could be written the last time. */
    boolean auditWritable();

    /** Lines of net.log so far. */
    long auditLines();

    /** What CREDENTIALS.txt says by now that the node did not start with, or would not start with, in words; empty for nothing. */
    Optional<String> addressChange();

    /** The port of health and metrics; empty when they are off. */
    OptionalInt managementPort();
}
