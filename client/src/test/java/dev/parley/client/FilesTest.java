package dev.parley.client;

import static dev.parley.client.Samples.FILE_ID;
import static dev.parley.client.Samples.file;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.http.TransportException;
import dev.parley.client.http.TransportException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley files}: there and back again. */
@Timeout(60)
class FilesTest {
    private static final String OTHER = "01920000-0000-7000-8000-0000abcd0002";
    private static final String OFFERED = file(FILE_ID, "OUT", "a.png", "OFFERED", null);
    private static final String BEAT = json("{'type':'heartbeat','at':'2026-01-01T12:00:00Z'}");
    private static final String EVENTS = "GET /v1/events?types=file-progress%2Cfile-changed%2Cheartbeat";

    @TempDir
    Path directory;

    private final FakeTransport transport = new FakeTransport();

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private String[] names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toArray(String[]::new);
        }
    }

    @Test
    void aFileGoesWithItsLength() throws Exception {
        Path file = Files.writeString(directory.resolve("a b.png"), "0123456789");
        transport.on("POST /v1/files?peer=bob&name=a%20b.png&mediaType=image%2Fpng", 200, OFFERED);
        Invocation run = run("files", "send", "bob", file.toString(), "--type", "image/png");
        assertThat(run)
                .isEqualTo(new Invocation(
                        "the node has a.png (10 B) for bob: offered, transfer " + FILE_ID + "\n", "", 0));
        assertThat(transport.asked())
                .containsExactly(
                        "POST /v1/files?peer=bob&name=a%20b.png&mediaType=image%2Fpng application/octet-stream 10");
        assertThat(transport.uploaded()).containsExactly(bytes("0123456789"));
    }

    @Test
    void standardInputGoesWithoutOne() {
        transport.on("POST /v1/files?peer=bob&name=log", 200, OFFERED);
        Invocation run = Invocation.run(
                transport, "lines\n", false, Map.of(), "files", "send", "bob", "-", "--name", "log", "--json");
        assertThat(run).isEqualTo(new Invocation(OFFERED + "\n", "", 0));
        assertThat(transport.asked()).containsExactly("POST /v1/files?peer=bob&name=log application/octet-stream -1");
        assertThat(transport.uploaded()).containsExactly(bytes("lines\n"));
    }

    @Test
    void aFolderGoesAsAnArchiveWithoutWhatItsLinksLeadTo() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("trip"));
        Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("day 1"));
        // Where no locale is set, the JVM knows no such names.
        String name = Charset.forName(System.getProperty("sun.jnu.encoding"))
                        .newEncoder()
                        .canEncode('ü')
                ? "ü.txt"
                : "u.txt";
        Files.writeString(folder.resolve("day 1").resolve(name), "sun");
        Files.writeString(directory.resolve("secret"), "not meant to be sent");
        Files.createSymbolicLink(folder.resolve("link"), directory.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        transport.on("POST /v1/files?peer=bob&name=trip.zip&mediaType=application%2Fzip", 200, OFFERED);
        Invocation run = run("files", "send", "bob", folder + "/");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines()).hasSize(2).allMatch(line -> line.startsWith("left out, as it is no file: "));
        Map<String, String> entries = new TreeMap<>();
        try (ZipInputStream zip =
                new ZipInputStream(new ByteArrayInputStream(transport.uploaded().getFirst()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(entries)
                .containsOnly(
                        Map.entry("trip/", ""),
                        Map.entry("trip/empty/", ""),
                        Map.entry("trip/day 1/", ""),
                        Map.entry("trip/day 1/" + name, "sun"));
    }

    @Test
    void waitingUntilThePeerHasIt() throws Exception {
        Path file = Files.writeString(directory.resolve("a.png"), "0123456789");
        String running = file(FILE_ID, "OUT", "a.png", "RUNNING", null);
        String complete = file(FILE_ID, "OUT", "a.png", "COMPLETE", null);
        String progress = json("{'type':'file-progress','at':'2026-01-01T12:00:01Z','transfer':" + running + "}");
        String another = json("{'type':'file-changed','at':'2026-01-01T12:00:01Z','transfer':"
                + file(OTHER, "OUT", "b", "FAILED", null) + "}");
        String changed = json("{'type':'file-changed','at':'2026-01-01T12:00:01Z','transfer':" + complete + "}");
        transport.on("POST /v1/files?peer=bob&name=a.png", 200, OFFERED).stream(
                        EVENTS, BEAT, progress, another, changed)
                .on("GET /v1/files/" + FILE_ID, 200, running)
                .on("GET /v1/files/" + FILE_ID, 200, complete);
        assertThat(run("files", "send", "bob", file.toString(), "--wait"))
                .isEqualTo(new Invocation("bob has a.png (10 B), transfer " + FILE_ID + "\n", "", 0));
    }

    @Test
    void waitingOutlastsARestartOfTheNode() throws Exception {
        Path file = Files.writeString(directory.resolve("a.png"), "0123456789");
        transport.on("POST /v1/files?peer=bob&name=a.png", 200, OFFERED).stream(EVENTS, BEAT)
                .on(EVENTS, new TransportException(Kind.UNREACHABLE, "none"))
                .stream(EVENTS, BEAT)
                .on("GET /v1/files/" + FILE_ID, 503, problem("node-stopping", 503, "it stops", null))
                .on("GET /v1/files/" + FILE_ID, 200, file(FILE_ID, "OUT", "a.png", "COMPLETE", null));
        assertThat(run("files", "send", "bob", file.toString(), "--wait").exitCode())
                .isZero();
    }

    @Test
    void waitingEndsInTime() throws Exception {
        Path file = Files.writeString(directory.resolve("a.png"), "0123456789");
        transport.on("POST /v1/files?peer=bob&name=a.png", 200, OFFERED).stream(EVENTS, BEAT)
                .on("GET /v1/files/" + FILE_ID, 200, OFFERED);
        Invocation run = run("files", "send", "bob", file.toString(), "--wait", "--timeout", "500ms");
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).startsWith("error: not there within 0 s\nhint: the node goes on by itself");
    }

    @Test
    void whatThePeerDoesNotTakeIsAnError() throws Exception {
        Path file = Files.writeString(directory.resolve("a.png"), "0123456789");
        transport.on("POST /v1/files?peer=bob&name=a.png", 200, OFFERED).stream(EVENTS, BEAT)
                .on("GET /v1/files/" + FILE_ID, 200, file(FILE_ID, "OUT", "a.png", "DECLINED", "not now"));
        assertThat(run("files", "send", "bob", file.toString(), "--wait"))
                .isEqualTo(new Invocation("", "error: a.png (10 B) to bob: declined: not now\n", 4));
        FakeTransport full = new FakeTransport()
                .on(
                        "POST /v1/files?peer=bob&name=a.png",
                        507,
                        problem("store-full", 507, "the disk is full", "make room"));
        assertThat(Invocation.run(full, "files", "send", "bob", file.toString()))
                .isEqualTo(new Invocation("", "error: the disk is full\nhint: make room\n", 4));
    }

    @Test
    void listsShowTheEndsOfIds() {
        String in = file(OTHER, "IN", "b\\u001b[2J.png", "OFFERED", null);
        transport.on("GET /v1/files?limit=50", 200, "[" + OFFERED + "," + in + "]");
        Invocation run = run("files");
        assertThat(run.out())
                .containsSubsequence("…abcd0001", "to", "bob", "offered", "40 %", "10 B", "a.png")
                .containsSubsequence("…abcd0002", "from", "b\\x1b[2J.png");
        assertThat(run.err())
                .isEqualTo("offered ones wait for `parley files accept ID` or `parley files decline ID`\n");
        transport.on("GET /v1/files?limit=5&peer=bob&state=COMPLETE", 200, "[]");
        assertThat(run("files", "list", "-n", "5", "--peer", "bob", "--state", "complete")
                        .err())
                .isEqualTo("no files\n");
    }

    @Test
    void decisions() {
        String both = "[" + OFFERED + "," + file(OTHER, "IN", "b", "COMPLETE", null) + "]";
        transport
                .on("GET /v1/files?limit=1000", 200, both)
                .on("POST /v1/files/" + FILE_ID + "/accept", 200, file(FILE_ID, "IN", "a.png", "WAITING", null))
                .on("POST /v1/files/" + FILE_ID + "/decline", 200, file(FILE_ID, "IN", "a.png", "DECLINED", null))
                .on("GET /v1/files/" + FILE_ID, 200, OFFERED)
                .on("DELETE /v1/files/" + FILE_ID, 200, file(FILE_ID, "OUT", "a.png", "CANCELLED", null))
                .on("GET /v1/files/" + OTHER, 200, file(OTHER, "IN", "b", "COMPLETE", null))
                .on("DELETE /v1/files/" + OTHER, 204, "");
        assertThat(run("files", "accept", "abcd0001").out()).isEqualTo("waiting " + FILE_ID + ": a.png (10 B)\n");
        assertThat(run("files", "decline", "…ABCD0001").out()).startsWith("declined ");
        assertThat(run("files", "show", "d0001").out()).contains("transfer  " + FILE_ID, "done      4 B");
        assertThat(run("files", "cancel", "0001").out()).startsWith("cancelled " + FILE_ID);
        assertThat(run("files", "remove", "0002").out()).isEqualTo("removed " + OTHER + ": b (10 B)\n");
        assertThat(run("files", "remove", "0002", "--json").out()).isEqualTo(json("{'removed':'" + OTHER + "'}\n"));
        // What was asked for, and not what the state makes of it.
        assertThat(run("files", "cancel", "0002").exitCode()).isEqualTo(4);
        assertThat(run("files", "remove", "0001").err())
                .isEqualTo("error: a.png (10 B) is offered\nhint: `parley files cancel` stops it\n");
        Invocation both2 = run("files", "show", "abcd");
        assertThat(both2.exitCode()).isEqualTo(6);
        assertThat(both2.err()).startsWith("error: 2 transfers have abcd in their id\n");
    }

    private void arrived(String name, byte[] content, String hash) {
        transport
                .on("GET /v1/files/" + FILE_ID, 200, file(FILE_ID, "IN", name, "COMPLETE", null))
                .content("GET /v1/files/" + FILE_ID + "/content", content, Map.of("parley-sha256", hash));
    }

    @Test
    void aFileTakesItsNameOnlyWhenItIsRightAndNeverAnothersPlace() throws Exception {
        byte[] content = bytes("0123456789");
        arrived("../../a\\u202e.png", content, sha256(content));
        for (String name : new String[] {"a.png", "a (1).png", "a (2).png"}) {
            assertThat(run("files", "get", FILE_ID, directory.toString()))
                    .isEqualTo(new Invocation(directory.resolve(name) + "\n", "", 0));
            assertThat(directory.resolve(name)).hasBinaryContent(content);
        }
        assertThat(run("files", "get", FILE_ID, directory.toString(), "--json").out())
                .isEqualTo(json("{'id':'" + FILE_ID + "','path':'" + directory.resolve("a (3).png")
                        + "','size':10,'sha256':'" + sha256(content) + "'}\n"));
        assertThat(names()).hasSize(4);
    }

    @Test
    void aWrongHashLeavesNothing() throws Exception {
        arrived("a.png", bytes("0123456789"), "00".repeat(32));
        Invocation run = run("files", "get", FILE_ID, directory.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("error: what came from the node is not the file: its SHA-256 is wrong\n");
        assertThat(names()).isEmpty();
    }

    @Test
    void anotherGetOfTheSameFileIsNotDisturbed() throws Exception {
        Files.createFile(directory.resolve(".parley-" + FILE_ID + ".part"));
        arrived("a.png", bytes("x"), sha256(bytes("x")));
        Invocation run = run("files", "get", FILE_ID, directory.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("already\nhint: is another `parley files get` at it?");
        assertThat(names()).hasSize(1);
    }

    @Test
    void unpacking() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("trip/a.txt"));
            zip.write(bytes("sun"));
        }
        arrived("trip.zip", out.toByteArray(), sha256(out.toByteArray()));
        assertThat(run("files", "get", FILE_ID, directory.toString(), "--unpack")
                        .out())
                .isEqualTo(directory.resolve("trip") + "\n");
        assertThat(directory.resolve("trip/a.txt")).hasContent("sun");
        Invocation small = run("files", "get", FILE_ID, directory.toString(), "--unpack", "--max-size", "2");
        assertThat(small.err()).startsWith("error: not unpacked: it holds more than 2 bytes\nhint: ");
        assertThat(names()).containsExactly("trip");
    }

    @Test
    void watchShowsProgressNowAndThen() {
        String[] lines = new String[13];
        lines[0] = BEAT;
        for (int i = 1; i < lines.length; i++) {
            lines[i] = json("{'type':'file-progress','at':'2026-01-01T12:00:%02dZ','transfer':".formatted(i)) + OFFERED
                    + "}";
        }
        transport.stream("GET /v1/events", lines);
        assertThat(run("watch").out().lines()).hasSize(3).first().asString().contains("offered", "40 %");
        FakeTransport all = new FakeTransport().stream("GET /v1/events", lines);
        assertThat(Invocation.run(all, "watch", "--json").out().lines()).hasSize(12);
    }
}
