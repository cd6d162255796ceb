package dev.parley.node.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.evidence.Checkpoint;
import dev.parley.evidence.Finding;
import dev.parley.evidence.LogFile;
import dev.parley.evidence.LogVerifier;
import dev.parley.evidence.ProofCheck;
import dev.parley.evidence.Report;
import dev.parley.evidence.SealedLog;
import dev.parley.evidence.Sealer;
import dev.parley.evidence.SignedHead;
import dev.parley.protocol.crypto.IdentityKey;
import dev.parley.protocol.crypto.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that witness each other's logs: what is proved with that, and what is found out. */
@Tag("long")
@Timeout(300)
class WitnessIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, String> OFTEN = Map.of("parley.audit.witness-every", "10s");

    @TempDir
    Path home;

    @Test
    void aMessageIsProvedAndAnOlderLogIsFoundOut() throws Exception {
        try (Pair pair = Pair.start(home, OFTEN)) {
            pair.alice.send(Map.of("to", "bob", "text", "hello"));
            prove(pair);
            List<SignedHead> early = awaitHeads(pair, lastLine(pair.alice));
            PeerId alice = early.getFirst().peer();
            assertThat(early).allMatch(each -> each.peer().equals(alice));
            // Asked over the session alice gets the same, about her own log.
            assertThat(pair.alice.admin().get("/v1/witness/bob/own").body())
                    .anyMatch(
                            each -> each.get("line").asLong() >= early.getLast().seq());

            pair.alice.kill();
            List<SignedHead> held = heads(pair);
            Path log = pair.alice.home.resolve("data/net.log");
            byte[] whole = Files.readAllBytes(log);
            Report good = verify(log, alice, held);
            assertThat(good.broken()).isEmpty();
            assertThat(good.heads()).isPositive();
            Files.write(log, cutBehindAnEarlierCheckpoint(whole, held.getLast().seq()));
            assertThat(kinds(verify(log, alice, List.of())))
                    .as("without witnesses")
                    .isEmpty();
            assertThat(kinds(verify(log, alice, held))).containsExactly(Finding.Kind.CUT);
            byte[] anew = writtenAnew(pair.alice.home, held.getLast().seq() + 20);
            Path forged = Files.write(home.resolve("forged.log"), anew);
            assertThat(kinds(verify(forged, alice, List.of())))
                    .as("without witnesses")
                    .isEmpty();
            assertThat(kinds(verify(forged, alice, held))).contains(Finding.Kind.REPLACED);

            // The node goes on with the log that was cut, as if it knew no better.
            String before = pair.bob.session().orElse("");
            pair.alice.startAgain();
            pair.awaitSession(before, Pair.BACK_WITHIN);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(pair.bob.process().netLog()).contains("\"WITNESS_CONFLICT\""));
            assertThat(pair.bob.admin().get("/v1/witness/alice").body())
                    .filteredOn(each -> each.get("conflicting").asBoolean())
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    private void prove(Pair pair) throws IOException {
        String id = message(pair);
        JsonNode proof = pair.alice
                .admin()
                .post("/v1/messages/" + id + "/proof", Map.of())
                .body();
        var judgement = ProofCheck.check(proof.toString(), "hello".getBytes(StandardCharsets.UTF_8));
        assertThat(judgement.wrong()).isEmpty();
        assertThat(judgement.receipt()).as("%s", proof.get("noReceipt")).isTrue();
        assertThat(judgement.acknowledged()).isTrue();
        assertThat(judgement.shows()).anyMatch(each -> each.contains("vouches for the sender's log"));
        // The line that bob's receipt names is in his log.
        assertThat(pair.bob.process().netLog().lines())
                .anyMatch(
                        line -> line.contains("\"seq\":" + proof.get("receipt").get("seq") + ",")
                                && line.contains("MESSAGE_RECEIVED")
                                && line.contains(id));
    }

    private static String message(Pair pair) throws IOException {
        return pair.alice.admin().get("/v1/messages").body().get(0).get("id").asText();
    }

    private static long lastLine(Pair.Member member) {
        return member.process().netLog().lines().count();
    }

    /** Once bob holds one from this line on. */
    private static List<SignedHead> awaitHeads(Pair pair, long line) {
        return await().atMost(SOON)
                .until(() -> heads(pair), all -> !all.isEmpty() && all.getLast().seq() >= line);
    }

    private static List<SignedHead> heads(Pair pair) throws IOException {
        List<SignedHead> heads = new ArrayList<>();
        pair.bob
                .admin()
                .get("/v1/witness/alice")
                .body()
                .forEach(each -> heads.add(SignedHead.parse(each.get("head").asText())));
        return heads;
    }

    private static Report verify(Path log, PeerId peer, List<SignedHead> heads) throws IOException {
        return new LogVerifier(peer, heads, false).verify(List.of(LogFile.of(log)));
    }

    private static List<Finding.Kind> kinds(Report report) {
        return report.broken().stream().map(Finding::kind).toList();
    }

    /** The lines up to some checkpoint before a line, so that nothing in the log itself shows it. */
    private static byte[] cutBehindAnEarlierCheckpoint(byte[] log, long before) {
        List<String> lines = new String(log, StandardCharsets.UTF_8).lines().toList();
        int end = -1;
        for (int i = 0; i < before - 1; i++) {
            end = lines.get(i).contains("\"event\":\"CHECKPOINT\"") ? i + 1 : end;
        }
        assertThat(end).isPositive();
        return (String.join("\n", lines.subList(0, end)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** By somebody who has stolen the identity key. */
    private static byte[] writtenAnew(Path home, long lines) throws IOException {
        IdentityKey key = IdentityKey.fromPem(Files.readString(home.resolve("data/identity.pem")));
        var log = new SealedLog(Sealer.begin(key, new SecureRandom()));
        Instant time = Instant.now();
        log.checkpoint(Checkpoint.Reason.FIRST, time);
        for (long i = 0; i < lines; i++) {
            log.line(time, "NODE_READY", "");
        }
        return log.checkpoint(Checkpoint.Reason.LINES, time).file();
    }
}
