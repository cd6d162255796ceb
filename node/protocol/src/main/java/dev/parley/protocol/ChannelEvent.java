package dev.parley.protocol;

import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Record;
import java.util.UUID;

/** What a {@link Channel} tells its host, in order. Byte arrays are not copied and must not be modified. */
public sealed interface ChannelEvent {
    /** Work waits: see {@link Task}. */
    record TaskReady(Task task) implements ChannelEvent {}

    /**
     * Initiator: the responder has named itself. Nothing is proved yet and nothing of this is to be stored or shown as
     * true. Answered by {@link Channel#proceed} or {@link Channel#turnAway}.
     */
    record ResponderNamed(Identity claimed, Suite suite) implements ChannelEvent {}

    /** Responder: READY has opened, the initiator is authenticated. Answered by {@link Channel#admit} or {@link Channel#turnAway}. */
    record InitiatorProved(Identity peer, UUID sessionId, Suite suite) implements ChannelEvent {}

    /** Initiator: CONFIRM has opened, the responder is authenticated. Records may be sent; it replaces no session yet. */
    record Authenticated(Identity peer, UUID sessionId, Suite suite) implements ChannelEvent {}

    /**
     * The session counts (section 5, "One session stays"): at the initiator the responder's first record other than
     * CLOSE has opened, at the responder the initiator was admitted.
     */
    record Up(Identity peer, UUID sessionId) implements ChannelEvent {}

    /**
     * A MESSAGE, ACK or FILE record, or one of section 7, has opened.
     *
     * @param frame the whole frame as it came over the wire, header included
     */
    record Received(Record record, int epoch, long n, byte[] frame) implements ChannelEvent {}

    /**
     * A MESSAGE was sealed and is in what {@link Channel#transmit} returned.
     *
     * @param frame the whole frame as it goes over the wire, header included
     */
    record Sent(Record.Message message, int epoch, long n, byte[] frame) implements ChannelEvent {}

    /**
     * A record other than CLOSE has opened: what {@link SessionChooser#heard} wants. At most one for each call of
     * {@link Channel#receive}.
     */
    record Heard() implements ChannelEvent {}

    /** Both directions have moved to this epoch. */
    record Ratcheted(int epoch) implements ChannelEvent {}

    /** A record of an unknown kind was ignored; told once a session. */
    record UnknownKind(int kind) implements ChannelEvent {}

    /** The host half-closes the connection (shuts its output down) once what it has is written, and reads on. */
    record ShutdownOutput() implements ChannelEvent {}

    /** The last event. The host closes the connection, after writing what {@link Channel#transmit} still returns. */
    record Ended(Ending ending) implements ChannelEvent {}
}
