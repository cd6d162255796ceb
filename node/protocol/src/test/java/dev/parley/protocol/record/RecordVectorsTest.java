package dev.parley.protocol.record;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.ScriptedRandom;
import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.handshake.Authenticated;
import dev.parley.protocol.handshake.VectorHandshake;
import dev.parley.protocol.wire.Record;
import dev.parley.protocol.wire.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sessions of the vectors, three ratchets among them, sealed and opened byte by byte. */
class RecordVectorsTest {
    /** One side: its layer, its scripted randomness, and what it owes the ratchet. */
    private static final class Side {
        final ScriptedRandom random = new ScriptedRandom();
        final RecordLayer layer;
        final Iterator<JsonNode> ratchetRandomness;
        final Deque<Record> answers = new ArrayDeque<>();
        byte[] late;

        Side(Role role, Authenticated proof, JsonNode randomness) {
            layer = new RecordLayer(role, proof.keys(), neverAtOnce(), Crypto.jdk(), random, 0);
            ratchetRandomness = randomness.iterator();
        }

        void scriptRatchet() {
            random.then(hex(ratchetRandomness.next(), "bytes"));
        }

        void open(JsonNode vector, byte[] frame) throws Exception {
            byte[] plaintext = layer.open(frame);
            assertThat(plaintext).isEqualTo(hex(vector, "plaintext"));
            Record record = Record.parse(plaintext);
            boolean answered = record instanceof Record.Ratchet
                    && !vector.path("note").asText().contains("which the initiator ignores");
            if (answered) {
                scriptRatchet();
            }
            switch (record) {
                case Record.Ratchet r -> receive(r);
                case Record.RatchetReply r -> receive(r);
                case Record.RatchetDone r -> receive(r);
                default -> {}
            }
        }

        private void receive(Record record) throws Exception {
            Optional<Record> answer = layer.ratchetReceived(record, 0);
            answer.ifPresent(answers::add);
        }

        private static RatchetPolicy neverAtOnce() {
            // The test starts each ratchet itself. No jitter: the script has no bytes for it.
            return new RatchetPolicy(1L << 30, 1L << 24, 120_000, 0, 30_000, 1L << 32, 1L << 26);
        }
    }

    static Stream<JsonNode> handshakes() {
        return stream(Vectors.root().get("handshakes"));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void reproducesTheSession(JsonNode vector) throws Exception {
        Authenticated[] proofs = VectorHandshake.run(vector);
        JsonNode randomness = vector.get("ratchet_randomness");
        Side initiator = new Side(Role.INITIATOR, proofs[0], randomness.get("initiator"));
        Side responder = new Side(Role.RESPONDER, proofs[1], randomness.get("responder"));
        for (JsonNode record : vector.get("records")) {
            boolean fromInitiator = record.get("direction").asText().equals("i2r");
            Side sender = fromInitiator ? initiator : responder;
            Side receiver = fromInitiator ? responder : initiator;

            byte[] frame = seal(record, sender);
            assertThat(frame).as(record.toString()).isEqualTo(hex(record, "frame"));
            if (record.path("note").asText().contains("which wins")) {
                // On its way while the responder starts its own.
                receiver.late = frame;
                continue;
            }
            receiver.open(record, frame);
            if (sender.late != null) {
                sender.scriptRatchet();
                sender.receive(Record.parse(sender.layer.open(sender.late)));
                sender.late = null;
            }
        }
        assertThat(initiator.layer.epoch()).isEqualTo(3);
        assertThat(responder.layer.epoch()).isEqualTo(3);
        assertThat(initiator.ratchetRandomness.hasNext()).isFalse();
        assertThat(responder.ratchetRandomness.hasNext()).isFalse();
    }

    private static byte[] seal(JsonNode vector, Side sender) throws Exception {
        assertThat(sender.layer.sendEpoch()).isEqualTo(vector.get("epoch").asInt());
        assertThat(sender.layer.sendN()).isEqualTo(vector.get("n").asLong());
        Record record = Record.parse(hex(vector, "plaintext"));
        if (record instanceof Record.Ratchet) {
            sender.scriptRatchet();
            record = sender.layer.startRatchet(0);
        } else if (!sender.answers.isEmpty()) {
            record = sender.answers.remove();
        }
        if (vector.has("iv")) {
            sender.random.then(hex(vector, "iv"));
        }
        byte[] frame = new byte[sender.layer.frameLength(record)];
        assertThat(sender.layer.seal(record, frame, 0, 0)).isEqualTo(frame.length);
        return frame;
    }
}
