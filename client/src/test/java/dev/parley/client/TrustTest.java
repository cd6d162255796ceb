package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.BOB_GROUPS;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.PEER;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.text.QrText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verification, changed keys, and the identity key in files. */
class TrustTest {
    private static final String NUMBER = "012345678901234567890123456789012345678901234567890123456789";
    private static final String SAFETY = json("{'peerId':'" + BOB + "','ownPeerId':'" + EVE
            + "','alias':'bob','number':'"
            + NUMBER + "','words':['bullet','parrot','arctic','enforce','depth','boring'],'uri':'parley:verify?a=" + BOB
            + "&b=" + EVE + "','verified':false}");
    private static final String CHANGED = PEER.substring(0, PEER.length() - 1)
            + json(
                    ",'otherKey':{'peerId':'" + EVE
                            + "','address':'10.0.0.2:3001','firstSeen':'2026-01-01T11:00:00Z','lastSeen':'2026-01-01T11:59:00Z'}}");

    @TempDir
    Path directory;

    private final FakeTransport transport = new FakeTransport();

    @Test
    void aPersonSeesNumberWordsAndCodeAndSaysWhatWasCompared() {
        for (Map.Entry<String, String> each :
                Map.of("y", "number", "yes", "number", "w", "words", "q", "qr").entrySet()) {
            FakeTransport asked = safe().on("POST /v1/peers/bob/verify", 200, PEER);
            Invocation run = Invocation.run(asked, each.getKey() + "\n", true, Map.of(), "verify", "bob");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("verified bob\n");
            assertThat(run.err())
                    .contains(
                            "  01234 56789 01234 56789 01234 56789\n",
                            "  bullet parrot arctic enforce depth boring\n",
                            "█");
            assertThat(asked.asked())
                    .last()
                    .isEqualTo(json("POST /v1/peers/bob/verify {'how':'" + each.getValue() + "'}"));
        }
    }

    @Test
    void anyOtherAnswerVerifiesNothing() {
        for (String answer : List.of("n\n", "\n", "", "maybe\n")) {
            FakeTransport asked = safe();
            Invocation run = Invocation.run(asked, answer, true, Map.of(), "peers", "verify", "bob");
            assertThat(run.exitCode()).isEqualTo(7);
            assertThat(asked.asked()).hasSize(1);
        }
    }

    @Test
    void toShowIsNotToVerifyAndAPipeGetsNoCode() {
        FakeTransport transport = safe();
        Invocation run = Invocation.run(transport, "verify", "bob", "--show");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("01234 56789", "bullet parrot").doesNotContain("█", "\u001b");
        assertThat(Invocation.run(transport, "verify", "bob", "--show", "--json")
                        .out())
                .isEqualTo(SAFETY + "\n");
    }

    @Test
    void aScriptComparesAndADifferenceIsAnError() {
        transport.on("POST /v1/peers/bob/verify", 409, problem("safety-mismatch", 409, "another number", "read again"));
        Invocation run = Invocation.run(transport, "verify", "bob", "--number", NUMBER);
        assertThat(run).isEqualTo(new Invocation("", "error: another number\nhint: read again\n", 7));
        assertThat(transport.asked()).containsExactly(json("POST /v1/peers/bob/verify {'number':'" + NUMBER + "'}"));
        FakeTransport same = new FakeTransport().on("POST /v1/peers/bob/verify", 200, PEER);
        assertThat(Invocation.run(same, "verify", "bob", "--words", "a b c d e f")
                        .exitCode())
                .isZero();
    }

    @Test
    void theCodeHasAQuietZoneAndIsLeftOutWhereItDoesNotFit() {
        String uri = "parley:verify?a=" + BOB + "&b=" + EVE;
        List<String> lines = QrText.of(uri, 80).orElseThrow();
        String first = lines.getFirst().replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(first).isBlank();
        assertThat(lines.get(1).replaceAll("\u001b\\[[0-9;]*m", "")).isBlank();
        assertThat(lines.get(2).replaceAll("\u001b\\[[0-9;]*m", ""))
                .hasSize(first.length())
                .startsWith("    █▀▀▀▀▀█ ")
                .endsWith(" █▀▀▀▀▀█    ");
        assertThat(lines).allMatch(line -> line.endsWith("\u001b[0m"));
        assertThat(QrText.of(uri, first.length())).isPresent();
        assertThat(QrText.of(uri, first.length() - 1)).isEmpty();
    }

    @Test
    void aChangedKeyIsShownBesideTheKnownOne() {
        transport
                .on("POST /v1/connections", 409, problem("peer-key-changed", 409, "another key", "call bob"))
                .on("GET /v1/peers", 200, "[" + CHANGED + "]");
        Invocation run = Invocation.run(transport, "connect", "10.0.0.2", "3001");
        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.err())
                .contains(
                        "THE KEY OF bob HAS CHANGED",
                        "known       " + BOB_GROUPS + "\n",
                        "answered    evea aaaa",
                        "              ^^^^\n",
                        "--accept-changed-key " + EVE);
    }

    @Test
    void aChangedKeyIsAcceptedByItsWholeIdAndThenExpected() {
        transport
                .on("GET /v1/peers", 200, "[" + CHANGED + "]")
                .on("POST /v1/peers/" + BOB + "/accept-key", 200, accepted())
                .on("POST /v1/connections", 200, connected());
        Invocation run = Invocation.run(transport, "connect", "10.0.0.2", "3001", "--accept-changed-key", EVE);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(transport.asked())
                .containsExactly(
                        "GET /v1/peers",
                        json("POST /v1/peers/" + BOB + "/accept-key {'peerId':'" + EVE + "'}"),
                        json("POST /v1/connections {'host':'10.0.0.2','port':3001,'expect':'" + EVE
                                + "','acceptNew':false,'keep':true}"));
    }

    @Test
    void anotherIdThanTheOneThatAnsweredIsRefused() {
        transport
                .on("GET /v1/peers", 200, "[" + CHANGED + "]")
                .on("POST /v1/peers/" + BOB + "/accept-key", 409, problem("other-key", 409, "it is another", null));
        Invocation run =
                Invocation.run(transport, "connect", "10.0.0.2", "3001", "--accept-changed-key", BOB.replace('b', 'c'));
        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(run.err()).contains("error: it is another");
        assertThat(transport.asked())
                .as("nothing is dialed")
                .noneMatch(each -> each.startsWith("POST /v1/connections"));
    }

    @Test
    void whereNobodyIsKnownThereIsNothingToAccept() {
        transport.on("GET /v1/peers", 200, "[]");
        assertThat(Invocation.run(transport, "connect", "h", "1", "--accept-changed-key", EVE)
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void acceptKeyTellsWhatStaysBehind() {
        transport.on("POST /v1/peers/bob/accept-key", 200, accepted());
        Invocation run = Invocation.run(transport, "peers", "accept-key", "bob", EVE);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .contains("the old key was verified, the new one is not", "3 messages stay with the old key");
    }

    @Test
    void anExportIsAFileForItsOwnerAlone() throws Exception {
        Path passphrase = Files.writeString(directory.resolve("passphrase"), "four words by lot\nnot this\n");
        Path file = directory.resolve("key.pem");
        transport.on("POST /v1/identity/export", 200, json("{'peerId':'" + BOB + "','pem':'-----BEGIN'}"));
        String[] export = {"identity", "export", file.toString(), "--passphrase-file", passphrase.toString()};
        assertThat(Invocation.run(transport, export).exitCode()).isZero();
        assertThat(file).hasContent("-----BEGIN");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new String(transport.uploaded().getFirst(), StandardCharsets.UTF_8))
                .isEqualTo("four words by lot");
        assertThat(Invocation.run(transport, export)).satisfies(again -> {
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err()).contains("already");
        });
        assertThat(transport.uploaded()).as("asked for once").hasSize(1);
    }

    @Test
    void anImportSendsPassphraseAndFile() throws Exception {
        Path passphrase = Files.writeString(directory.resolve("passphrase"), "four words by lot");
        Path file = Files.writeString(directory.resolve("key.pem"), "pem");
        transport.on(
                "POST /v1/identity/import?replace=true",
                200,
                json("{'peerId':'" + BOB + "','nextPeerId':'" + EVE + "'}"));
        Invocation run = Invocation.run(
                transport,
                "identity",
                "import",
                file.toString(),
                "--passphrase-file",
                passphrase.toString(),
                "--replace");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("from next start  evea");
        assertThat(new String(transport.uploaded().getFirst(), StandardCharsets.UTF_8))
                .isEqualTo("four words by lot\npem");
    }

    private static FakeTransport safe() {
        return new FakeTransport().on("GET /v1/peers/bob/safety", 200, SAFETY);
    }

    private static String accepted() {
        return json("{'previousPeerId':'" + BOB + "','wasVerified':true,'waiting':3,'peer':") + PEER.replace(BOB, EVE)
                + "}";
    }

    private static String connected() {
        return json("{'address':'10.0.0.2:3001','state':'CONNECTED','sessionId':'" + SESSION_ID + "','peerId':'" + EVE
                + "','alias':'bob','peerState':'TRUSTED','firstContact':false,'suite':'A256GCM','keep':true}");
    }
}
