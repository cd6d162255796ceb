package dev.parley.protocol.record;

import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.CryptoException;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.VectorHandshake;
import dev.parley.protocol.wire.Failure;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordLayerTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SUITE_2 = 1;

    static Stream<Arguments> both() {
        return Vectors.cryptos().stream()
                .flatMap(crypto -> Stream.of(0, SUITE_2).map(vector -> Arguments.of(vector, crypto)));
    }

    private static RecordLayer[] layers(int vector, Crypto crypto) throws Exception {
        Authenticated[] proofs = VectorHandshake.run(
                stream(Vectors.root().get("handshakes")).toList().get(vector));
        return new RecordLayer[] {
            new RecordLayer(Role.INITIATOR, proofs[0].keys(), RatchetPolicy.DEFAULTS, crypto, RANDOM, 0),
            new RecordLayer(Role.RESPONDER, proofs[1].keys(), RatchetPolicy.DEFAULTS, crypto, RANDOM, 0)
        };
    }

    private static byte[] seal(RecordLayer layer, Record record) {
        byte[] frame = new byte[layer.frameLength(record)];
        layer.seal(record, frame, 0, 0);
        return frame;
    }

    /** One of each kind; the opener is untouched by what does not open, so one pair of layers serves for all of it. */
    @ParameterizedTest
    @MethodSource("both")
    void everyFlippedByteAndEveryTruncationOfEveryKindDoesNotOpen(int vector, Crypto crypto) throws Exception {
        RecordLayer[] layers = layers(vector, crypto);
        UUID id = UUID.fromString("019b76da-a800-7d23-bce4-bd1490ef3a98");
        List<Record> kinds = List.of(
                new Record.Ready(1 << 20),
                new Record.Message(id, 1, Record.Scope.GROUP, "g", "text/plain", new byte[40]),
                new Record.Ack(id, Record.AckStatus.STORED),
                new Record.Ping(1),
                new Record.Pong(1),
                new Record.Ratchet(1, new byte[Record.Ratchet.KEY]),
                new Record.RatchetReply(1, new byte[Record.RatchetReply.CIPHERTEXT]),
                new Record.RatchetDone(1),
                new Record.FileOffer(id, 1, new byte[32], "name", "text/plain"),
                new Record.FileAccept(id, 0, 65_536),
                new Record.FileChunk(id, 0, new byte[10]),
                new Record.FileProgress(id, 10),
                new Record.FileEnd(id, Record.FileStatus.COMPLETE),
                new Record.Instance(id, Record.InstanceWord.ASK),
                new Record.Return(5),
                new Record.Trace(id, id, 7, 1),
                new Record.Close(Failure.NORMAL, "bye"));
        for (Record kind : kinds) {
            byte[] frame = seal(layers[0], kind);
            for (int at = 0; at < frame.length; at++) {
                byte[] flipped = frame.clone();
                flipped[at] ^= (byte) (1 + RANDOM.nextInt(255));
                assertThatThrownBy(() -> layers[1].open(flipped)).isInstanceOf(CryptoException.class);
            }
            for (int length = 4; length < frame.length; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                assertThatThrownBy(() -> layers[1].open(cut)).isInstanceOf(CryptoException.class);
            }
            assertThat(Record.parse(layers[1].open(frame)).kind()).isEqualTo(kind.kind());
            // Nor a second time, nor at the side that sealed it.
            assertThatThrownBy(() -> layers[1].open(frame)).isInstanceOf(CryptoException.class);
            assertThatThrownBy(() -> layers[0].open(frame)).isInstanceOf(CryptoException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("both")
    void recordsOpenInTheirOrderOnly(int vector, Crypto crypto) throws Exception {
        RecordLayer[] layers = layers(vector, crypto);
        byte[] first = seal(layers[0], new Record.Ping(1));
        byte[] second = seal(layers[0], new Record.Ping(2));
        assertThatThrownBy(() -> layers[1].open(second)).isInstanceOf(CryptoException.class);
        layers[1].open(first);
        layers[1].open(second);
        assertThat(layers[1].receiveN()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("both")
    void aWipedLayerNeitherSealsNorOpens(int vector, Crypto crypto) throws Exception {
        RecordLayer[] layers = layers(vector, crypto);
        byte[] frame = seal(layers[0], new Record.Ping(1));
        layers[0].close();
        layers[1].close();
        assertThatThrownBy(() -> seal(layers[0], new Record.Ping(2))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> layers[1].open(frame)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("both")
    void whatTheRatchetDoesNotAwaitIsMalformed(int vector, Crypto crypto) throws Exception {
        RecordLayer initiator = layers(vector, crypto)[0];
        RecordLayer responder = layers(vector, crypto)[1];
        Record start = initiator.startRatchet(0);
        assertThat(initiator.ratchetDue(Long.MAX_VALUE / 2)).isFalse();
        byte[] key = ((Record.Ratchet) start).key();
        byte[] ciphertext = new byte[Record.RatchetReply.CIPHERTEXT];

        malformed(responder, new Record.Ratchet(0, key), "of another epoch");
        malformed(responder, new Record.Ratchet(2, key), "of another epoch");
        malformed(responder, new Record.RatchetReply(1, ciphertext), "that was not due");
        malformed(responder, new Record.RatchetDone(1), "that was not due");
        malformed(initiator, new Record.RatchetDone(1), "that was not due");
        malformed(initiator, new Record.RatchetReply(2, ciphertext), "of another epoch");

        Record reply = responder.ratchetReceived(start, 0).orElseThrow();
        malformed(responder, start, "while one is under way");
        // DONE cannot be due before the reply is sealed.
        malformed(responder, new Record.RatchetDone(1), "that was not due");
        seal(responder, reply);
        assertThat(responder.sendEpoch()).isEqualTo(1);
        assertThat(responder.receiveEpoch()).isZero();

        // The other side's own start is ignored once.
        assertThat(initiator.ratchetReceived(new Record.Ratchet(1, key), 0)).isEmpty();
        malformed(initiator, new Record.Ratchet(1, key), "while one is under way");
        Record done = initiator.ratchetReceived(reply, 0).orElseThrow();
        assertThat(initiator.receiveEpoch()).isEqualTo(1);
        assertThat(initiator.sendEpoch()).isZero();
        malformed(initiator, reply, "that was not due");
        malformed(initiator, new Record.Ratchet(1, key), "while one is under way");
        seal(initiator, done);
        responder.ratchetReceived(done, 0);
        assertThat(List.of(initiator.epoch(), initiator.sendEpoch(), responder.epoch(), responder.receiveEpoch()))
                .containsOnly(1);
        malformed(responder, done, "of another epoch");
    }

    @ParameterizedTest
    @MethodSource("both")
    void badKeysAndCiphertextsOfTheRatchetAreMalformed(int vector, Crypto crypto) throws Exception {
        RecordLayer initiator = layers(vector, crypto)[0];
        RecordLayer responder = layers(vector, crypto)[1];
        byte[] outOfRange = new byte[Record.Ratchet.KEY];
        Arrays.fill(outOfRange, (byte) 0xff);
        malformed(responder, new Record.Ratchet(1, outOfRange), "bad key");
        initiator.startRatchet(0);
        // An X25519 part of zeros has low order.
        malformed(initiator, new Record.RatchetReply(1, new byte[Record.RatchetReply.CIPHERTEXT]), "bad ciphertext");
    }

    private static void malformed(RecordLayer layer, Record record, String detail) {
        assertThatThrownBy(() -> layer.ratchetReceived(record, 0))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(detail);
    }
}
