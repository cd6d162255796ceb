package dev.parley.client;

import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley audit witness}, {@code prove} and {@code audit check-proof}. What proofs are worth is tested where they are made. */
class ProofTest {
    private static final String HEADS = json("[{'head':'{\\'peer\\':1}','line':7,'time':'2026-01-01T11:00:00Z',"
            + "'cameAt':'2026-01-01T11:00:01Z','conflicting':false},{'head':'{\\'peer\\':2}','line':5,"
            + "'time':'2026-01-01T11:30:00Z','cameAt':'2026-01-01T11:30:01Z','conflicting':true}]");
    private static final String PROOF = "POST /v1/messages/" + MESSAGE_ID + "/proof?linked=";

    @TempDir
    Path directory;

    private final FakeTransport transport = new FakeTransport();

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    @Test
    void heldHeads() throws Exception {
        transport.on("GET /v1/witness/bob", 200, HEADS);
        assertThat(run("audit", "witness", "bob").out())
                .contains("7     2026-01-01 11:00:00.000", "5     2026-01-01 11:30:00.000", "CONTRADICTS ANOTHER");
        assertThat(run("audit", "witness", "bob", "--json").out()).isEqualTo(HEADS + "\n");
        Path file = directory.resolve("heads");
        assertThat(run("audit", "witness", "bob", "-o", file.toString()).out())
                .isEqualTo("wrote 2 heads to " + file + "\n");
        assertThat(file).hasContent("{\"peer\":1}\n{\"peer\":2}\n");
        assertThat(run("audit", "witness", "bob", "-o", file.toString()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void nothingHeld() {
        transport.on("GET /v1/witness/bob/own", 200, "[]");
        assertThat(run("audit", "witness", "bob", "--own"))
                .isEqualTo(new Invocation("", "the peer holds nothing of this node's log\n", 6));
        transport.on(
                "GET /v1/witness/eve/own", 409, problem("peer-state", 409, "there is no session with the peer", "x"));
        assertThat(run("audit", "witness", "eve", "--own").exitCode()).isEqualTo(4);
    }

    @Test
    void aProofIsWrittenAsItCame() throws Exception {
        String proof = json("{'format':'parley-proof-1','receipt':{}}");
        transport.on(PROOF + "true", 200, proof).on(PROOF + "false&peer=bob", 200, proof);
        assertThat(run("prove", MESSAGE_ID)).isEqualTo(new Invocation(proof + "\n", "", 0));
        Path file = directory.resolve("p");
        assertThat(run("prove", MESSAGE_ID, "--short", "--peer", "bob", "-o", file.toString()))
                .isEqualTo(new Invocation("wrote the proof to " + file + "\n", "", 0));
        assertThat(file).hasContent(proof + "\n");
    }

    @Test
    void aProofWithoutAReceiptSaysSo() {
        transport.on(PROOF + "true", 200, json("{'noReceipt':'there is no session with the peer'}"));
        Invocation run = run("prove", MESSAGE_ID, "-o", directory.resolve("p").toString(), "--json");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains(json("'receipt':false,'noReceipt':'there is no session with the peer'"));
        assertThat(run.err()).contains("there is no receipt of the peer in it");
    }

    @Test
    void aMessageThatNobodyKnows() {
        transport.on(PROOF + "true", 404, problem("message-not-found", 404, "this node has sent no message", null));
        assertThat(run("prove", MESSAGE_ID).exitCode()).isEqualTo(6);
    }

    @Test
    void whatIsNoProof() throws Exception {
        Path file = Files.writeString(directory.resolve("p"), "{\"format\":\"parley-proof-1\"}");
        Invocation run = run("audit", "check-proof", file.toString());
        assertThat(run.exitCode()).isEqualTo(8);
        assertThat(run.out()).startsWith("THIS PROOF DOES NOT HOLD: it shows nothing.\n- the file cannot be read");
        assertThat(run("audit", "check-proof", file.toString(), "--json").out()).startsWith(json("{'holds':false,"));
        assertThat(run("audit", "check-proof", directory.resolve("no").toString())
                        .exitCode())
                .isEqualTo(1);
    }
}
