package dev.parley.protocol.handshake;

import static dev.parley.protocol.Vectors.hex;
import static dev.parley.protocol.Vectors.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.protocol.ScriptedRandom;
import dev.parley.protocol.Vectors;
import dev.parley.protocol.crypto.Crypto;
import dev.parley.protocol.crypto.Identity;
import dev.parley.protocol.crypto.Suite;
import dev.parley.protocol.wire.Limits;
import dev.parley.protocol.wire.MalformedException;
import dev.parley.protocol.wire.Record;
import java.util.Arrays;
import java.util.Optional;

/** The handshake of a vector, with the vector's randomness. */
public final class VectorHandshake {
    private VectorHandshake() {}

    /** Runs it; returns what the initiator and the responder have at its end. */
    public static Authenticated[] run(JsonNode vector) throws HandshakeException {
        JsonNode randomness = vector.get("randomness");
        Local initiator = local(vector.get("initiator"), "suites_offered", script(randomness.get("initiator")));
        Local responder = local(vector.get("responder"), "suites_in_order", script(randomness.get("responder")));
        Sent<AwaitAccept> hello = AwaitAccept.begin(initiator);
        Sent<AwaitIdentify> accept =
                new AwaitHello(responder).hello(body(hello.frame())).accept();
        Sent<AwaitConfirm> identify =
                hello.next().accept(body(accept.frame()), Optional.empty()).identify();
        Sent<AwaitReady> confirm =
                accept.next().identify(body(identify.frame())).confirm();
        return new Authenticated[] {
            identify.next().confirm(body(confirm.frame())),
            confirm.next().ready(new Record.Ready(Limits.MAX_PLAINTEXT_USUAL))
        };
    }

    static Local local(JsonNode side, String suites, ScriptedRandom random) {
        try {
            return new Local(
                    Vectors.key(side.get("key").asText()),
                    Identity.parse(hex(side, "identity")),
                    stream(side.get(suites))
                            .map(id -> Suite.of(id.asInt()).orElseThrow())
                            .toList(),
                    side.get("max_plaintext").asInt(),
                    Crypto.jdk(),
                    random);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static ScriptedRandom script(JsonNode uses) {
        ScriptedRandom random = new ScriptedRandom();
        uses.forEach(use -> random.then(hex(use, "bytes")));
        return random;
    }

    static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, Limits.FRAME_HEADER, frame.length);
    }
}
