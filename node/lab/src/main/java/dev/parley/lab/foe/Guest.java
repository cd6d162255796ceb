package dev.parley.lab.foe;

import dev.parley.lab.foe.Line.Answer;
import dev.parley.lab.foe.Line.Kind;
import dev.parley.lab.wire.Direction;
import dev.parley.lab.wire.Frame;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.Secret;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.AwaitAccept;
import dev.parley.protocol.handshake.AwaitConfirm;
import dev.parley.protocol.handshake.HandshakeException;
import dev.parley.protocol.handshake.Local;
import dev.parley.protocol.handshake.ResponderClaimed;
import dev.parley.protocol.handshake.Sent;
import dev.parley.protocol.handshake.SessionKeys;
import dev.parley.protocol.record.RatchetPolicy;
import dev.parley.protocol.record.RecordLayer;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * A peer with a key of its own that finishes a handshake in good order, by the classes of the protocol, and then sends what it
 * likes. It answers PING and the ratchet, so that it lives as long as it wants. Confined to one thread at a time.
 */
public final class Guest implements AutoCloseable {
    private final Line line;
    private final RecordLayer records;
    private final UUID session;
    private final Identity host;
    private final Transcript.Traffic leaked;
    private final BiConsumer<Direction, byte[]> tap;
    private boolean ended;

    private Guest(Line line, Authenticated authenticated, BiConsumer<Direction, byte[]> tap) throws IOException {
        this.line = line;
        this.tap = tap;
        SessionKeys keys = authenticated.keys();
        session = keys.sessionId();
        host = authenticated.peer();
        leaked = new Transcript.Traffic(keys.suite(), copy(keys, Role.INITIATOR), copy(keys, Role.RESPONDER));
        records = new RecordLayer(
                Role.INITIATOR, keys, RatchetPolicy.DEFAULTS, Crypto.jdk(), new SecureRandom(), millis());
        send(new Record.Ready(Limits.MAX_PLAINTEXT_USUAL));
    }

    /** A new key, as short as keys may be: it takes some tenths of a second. */
    public static IdentityKey newKey() {
        return IdentityKey.generate(2_048, new SecureRandom());
    }

    /** As {@link #join(InetSocketAddress, Source, IdentityKey, String, BiConsumer)}, and nobody listens. */
    public static Guest join(InetSocketAddress target, Source source, IdentityKey key, String name) throws IOException {
        return join(target, source, key, name, (direction, frame) -> {});
    }

    /**
     * Does the handshake, up to READY. Whether the node lets the guest in shows with what it sends next.
     *
     * @param tap is told of every frame with a record, as it is on the wire
     * @throws IOException if the node does not finish the handshake
     */
    public static Guest join(
            InetSocketAddress target, Source source, IdentityKey key, String name, BiConsumer<Direction, byte[]> tap)
            throws IOException {
        return join(target, source, key, Identity.of(key, name, "", List.of()), tap);
    }

    /** As {@link #join(InetSocketAddress, Source, IdentityKey, String)}, with certificates. @param chain DER, its own first */
    public static Guest join(InetSocketAddress target, Source source, IdentityKey key, String name, List<byte[]> chain)
            throws IOException {
        return join(target, source, key, Identity.of(key, name, "", chain), (direction, frame) -> {});
    }

    private static Guest join(
            InetSocketAddress target, Source source, IdentityKey key, Identity own, BiConsumer<Direction, byte[]> tap)
            throws IOException {
        SecureRandom random = new SecureRandom();
        Local local = new Local(key, own, List.of(Suite.A256GCM), Limits.MAX_PLAINTEXT_USUAL, Crypto.jdk(), random);
        Line line = Line.to(target, source);
        try {
            Sent<AwaitAccept> hello = AwaitAccept.begin(local);
            line.send(hello.frame());
            ResponderClaimed responder =
                    hello.next().accept(expect(line, Frame.ACCEPT).body(), Optional.empty());
            Sent<AwaitConfirm> identify = responder.identify();
            line.send(identify.frame());
            Authenticated authenticated =
                    identify.next().confirm(expect(line, Frame.CONFIRM).body());
            return new Guest(line, authenticated, tap);
        } catch (HandshakeException e) {
            line.close();
            throw new IOException("the handshake failed: " + e.getMessage(), e);
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    private static Frame expect(Line line, int type) throws IOException {
        Answer answer = line.await(Handmade.PATIENCE);
        if (!answer.is(type)) {
            throw new IOException("the node answered with " + answer + " in the handshake");
        }
        return answer.frame();
    }

    public Line line() {
        return line;
    }

    /** The node, which has proved that it holds this identity's key. */
    public Identity host() {
        return host;
    }

    public UUID session() {
        return session;
    }

    /** The traffic keys of epoch 0: what leaks from this peer's memory, to whoever asks. */
    public Transcript.Traffic leaked() {
        return leaked;
    }

    /** The epoch of what this peer receives. */
    public int receiveEpoch() {
        return records.receiveEpoch();
    }

    /** The epoch of what this peer sends. */
    public int sendEpoch() {
        return records.sendEpoch();
    }

    /** @return false if the node has ended the connection */
    public boolean send(Record record) throws IOException {
        byte[] frame = new byte[records.frameLength(record)];
        records.seal(record, frame, 0, millis());
        tap.accept(Direction.OUT, frame);
        return line.send(frame);
    }

    /** Sends a record of any kind with any content, well-formed or not. */
    public boolean send(int kind, byte[] content) throws IOException {
        return send(new Record.Unknown(kind, content));
    }

    /**
     * The next record that is not PING or of the ratchet, which are answered.
     *
     * @return empty: the node has ended the connection, or nothing came in time
     */
    public Optional<Record> receive(Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!ended && System.nanoTime() < deadline) {
            Answer answer = line.await(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            if (answer.kind() != Kind.FRAME) {
                ended = answer.isEnd();
                continue;
            }
            if (!answer.is(Frame.RECORD)) {
                throw new IOException("a node sent " + answer + " in a session");
            }
            tap.accept(Direction.BACK, answer.frame().bytes());
            Optional<Record> record = taken(answer.frame().bytes());
            if (record.isPresent()) {
                return record;
            }
        }
        return Optional.empty();
    }

    private Optional<Record> taken(byte[] frame) throws IOException {
        try {
            Record record = Record.parse(records.open(frame));
            return switch (record) {
                case Record.Ping ping -> {
                    send(new Record.Pong(ping.token()));
                    yield Optional.empty();
                }
                case Record.Ratchet ratchet -> {
                    answer(ratchet);
                    yield Optional.empty();
                }
                case Record.RatchetReply reply -> {
                    answer(reply);
                    yield Optional.empty();
                }
                case Record.RatchetDone done -> {
                    answer(done);
                    yield Optional.empty();
                }
                default -> Optional.of(record);
            };
        } catch (CryptoException | MalformedException e) {
            throw new IOException("a record of the node does not open", e);
        }
    }

    private void answer(Record ratchet) throws IOException, MalformedException {
        Optional<Record> answer = records.ratchetReceived(ratchet, millis());
        if (answer.isPresent()) {
            send(answer.get());
        }
    }

    /** Whether the node has ended the connection, as far as was read. */
    public boolean hasEnded() {
        return ended;
    }

    /**
     * Reads on until a record of this type comes that fits; others are passed over.
     *
     * @return empty: the node has ended the connection, or it did not come in time
     */
    public <T extends Record> Optional<T> await(Class<T> type, Predicate<T> fits, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!ended && System.nanoTime() < deadline) {
            Optional<T> found = receive(Duration.ofNanos(deadline - System.nanoTime()))
                    .filter(type::isInstance)
                    .map(type::cast)
                    .filter(fits);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Sends a message. @return what the node acknowledges it with; empty if it does not in time */
    public Optional<Record.AckStatus> deliver(Record.Message message, Duration atMost) throws IOException {
        send(message);
        return await(Record.Ack.class, ack -> status(ack, message).isPresent(), atMost)
                .flatMap(ack -> status(ack, message));
    }

    private static Optional<Record.AckStatus> status(Record.Ack ack, Record.Message message) {
        return ack.entries().stream()
                .filter(each -> each.id().equals(message.id()))
                .map(Record.AckEntry::status)
                .findFirst();
    }

    /** Reads on until a CLOSE comes. @return its code; -1: the connection ended without, or nothing came in time */
    public int awaitClose(Duration atMost) throws IOException {
        return await(Record.Close.class, close -> true, atMost)
                .map(Record.Close::code)
                .orElse(-1);
    }

    /** Waits until the node has answered a PING of ours or said anything else: it has let us in, or closed. */
    public boolean isLetIn(Duration atMost) throws IOException {
        send(new Record.Ping(7));
        Optional<Record> first = receive(atMost);
        return first.isPresent() && !(first.get() instanceof Record.Close);
    }

    /** Says CLOSE and goes. */
    public void leave() throws IOException {
        send(new Record.Close(0, new byte[0]));
        line.awaitEnd(Duration.ofSeconds(2));
        close();
    }

    @Override
    public void close() throws IOException {
        records.close();
        line.close();
    }

    private static byte[] copy(SessionKeys keys, Role sender) {
        try (Secret key = keys.trafficKey(sender)) {
            return key.reveal().clone();
        }
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }
}
