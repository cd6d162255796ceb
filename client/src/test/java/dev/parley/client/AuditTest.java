package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.json;
import static dev.parley.client.Samples.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley audit search}, {@code export} and {@code report}. */
class AuditTest {
    private static final String UP =
            line(1, "12:00:00", "INFO", "SESSION_UP", "'connection':3,'peer':'" + BOB + "','alias':'bob'");
    private static final String SENT =
            line(2, "12:00:01", "INFO", "MESSAGE_SENT", "'peer':'" + BOB + "','size':7,'ciphertext':'EAAAEQ=='");
    private static final String CLOSED = line(
            3,
            "12:00:02",
            "INFO",
            "SESSION_CLOSED",
            "'peer':'" + BOB + "','messagesIn':0,'messagesOut':1,'detail':'a, \\'b\\''");
    private static final String ENDED =
            line(4, "12:00:02", "INFO", "CONNECTION_CLOSED", "'connection':3,'bytesIn':2048,'bytesOut':100");
    private static final String FAILED = line(
            5, "12:00:03", "WARN", "HANDSHAKE_FAILED", "'remote':'10.0.0.9:4000','code':3,'claimedPeer':'=cmd|calc'");
    private static final String KEY =
            line(9, "12:00:04", "ALARM", "PEER_KEY_CHANGED", "'alias':'bob','otherPeer':'" + EVE + "'");
    private static final String ADMIN = line(
            10,
            "12:00:05",
            "INFO",
            "ADMIN_COMMAND",
            "'uid':1001,'method':'POST','path':'/v1/messages','status':403,'code':'caller-not-allowed'");
    private static final String STATUS = "GET /v1/status";

    @TempDir
    Path directory;

    private final FakeTransport transport = new FakeTransport();

    private static String line(int seq, String time, String level, String event, String more) {
        return json("{'time':'2025-12-31T" + time + ".000000Z','seq':" + seq + ",'level':'" + level + "','event':'"
                + event + "'," + more + "}");
    }

    private Invocation run(String... arguments) {
        return Invocation.run(transport, arguments);
    }

    @Test
    void searchForPeople() {
        transport.stream("GET /v1/audit/search?limit=1000", UP, SENT, "torn {");
        Invocation run = run("audit", "search");
        assertThat(run.out())
                .isEqualTo("-- 2025-12-31\n12:00:00.000  SESSION_UP connection=3 peer=" + BOB + " alias=bob\n"
                        + "12:00:01.000  MESSAGE_SENT peer=" + BOB
                        + " size=7 ciphertext=(4 bytes)\ntorn {\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void searchAsksTheNodeForWhatIsWanted() {
        transport.stream(
                "GET /v1/audit/search?limit=3&event=SESSION&event=%2A_UP&level=WARN&peer=bob&session=0194"
                        + "&since=2026-01-01T10%3A00%3A00Z&until=2026-01-01T00%3A00%3A00Z&text=a%20b",
                UP);
        assertThat(run(
                        "audit",
                        "search",
                        "--event",
                        "SESSION",
                        "--event",
                        "*_UP",
                        "--level",
                        "warn",
                        "--peer",
                        "bob",
                        "--session",
                        "0194",
                        "--since",
                        "2h",
                        "--until",
                        "2026-01-01",
                        "--text",
                        "a b",
                        "-n",
                        "3",
                        "--json"))
                .isEqualTo(new Invocation(UP + "\n", "", 0));
    }

    @Test
    void searchThatFindsNothing() {
        transport.stream("GET /v1/audit/search?limit=1000&text=x");
        assertThat(run("audit", "search", "--text", "x")).isEqualTo(new Invocation("", "nothing found\n", 6));
        assertThat(run("audit", "search", "-n", "-1").exitCode()).isEqualTo(2);
        assertThat(run("audit", "search", "--since", "soon").exitCode()).isEqualTo(2);
        transport.on(
                "GET /v1/audit/search?limit=1000&peer=x", 404, problem("peer-not-found", 404, "no such peer", null));
        assertThat(run("audit", "search", "--peer", "x").exitCode()).isEqualTo(6);
    }

    @Test
    void exportsLinesAsTheyAre() throws Exception {
        transport.stream("GET /v1/audit/search?limit=0", UP, "torn {", SENT);
        assertThat(run("audit", "export")).isEqualTo(new Invocation(UP + "\ntorn {\n" + SENT + "\n", "", 0));
        Path file = directory.resolve("x.json");
        assertThat(run("audit", "export", "-o", file.toString()).out()).isEqualTo("wrote 3 lines to " + file + "\n");
        assertThat(file).hasContent(UP + "\ntorn {\n" + SENT + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run("audit", "export", "-o", file.toString()).exitCode()).isEqualTo(1);
        assertThat(run("audit", "export", "-o", file.toString(), "--force", "--json")
                        .out())
                .isEqualTo(json("{'file':'" + file + "','lines':3}\n"));
    }

    @Test
    void exportsTablesThatRunNothing() {
        transport.stream("GET /v1/audit/search?limit=0", SENT, CLOSED, FAILED, "=torn,");
        String head =
                "time,seq,level,event,peer,alias,remote,session,connection,message,transfer,code,status,size,detail,other";
        Invocation run = run("audit", "export", "--format", "csv");
        assertThat(run.out().split("\r\n"))
                .containsExactly(
                        head,
                        "2025-12-31T12:00:01.000000Z,2,INFO,MESSAGE_SENT," + BOB + ",,,,,,,,,7,,",
                        "2025-12-31T12:00:02.000000Z,3,INFO,SESSION_CLOSED," + BOB
                                + ",,,,,,,,,,\"a, \"\"b\"\"\",\"{\"\"messagesIn\"\":0,\"\"messagesOut\"\":1}\"",
                        "2025-12-31T12:00:03.000000Z,5,WARN,HANDSHAKE_FAILED,,,10.0.0.9:4000,,,,,3,,,,"
                                + "\"{\"\"claimedPeer\"\":\"\"=cmd|calc\"\"}\"",
                        ",,,,,,,,,,,,,,,\"'=torn,\"");
        assertThat(run("audit", "export", "--format", "csv", "--ciphertexts").out())
                .startsWith(head + ",ciphertext\r\n")
                .contains(",EAAAEQ==\r\n");
    }

    @Test
    void everyBeginningOfAFormulaIsDisarmed() {
        for (String begin : new String[] {"=1", "+1", "-1", "@SUM", " =1", "\\t=1", "|x", "%x"}) {
            FakeTransport one = new FakeTransport()
                    .stream("GET /v1/audit/search?limit=0", json("{'event':'E','alias':'" + begin + "'}"));
            String row = Invocation.run(one, "audit", "export", "--format", "csv")
                    .out()
                    .split("\r\n")[1];
            assertThat(row.split(",")[5].replace("\"", "")).as(begin).matches("('|\\\\x09).*");
        }
    }

    @Test
    void reportCountsLooksThatWereToldTogether() {
        String again = line(
                11,
                "12:00:06",
                "INFO",
                "ADMIN_REPEATED",
                "'uid':1001,'method':'GET','path':'/v1/stats','granted':'READ','count':29");
        transport.on(STATUS, 200, Samples.STATUS).stream("GET /v1/audit/search?limit=0", ADMIN, again);
        assertThat(run("audit", "report").out()).containsPattern("uid 1001 +30|30 +uid 1001|30 .*uid 1001");
    }

    @Test
    void reportSaysWhatStandsOutFirst() {
        transport.on(STATUS, 200, Samples.STATUS).stream(
                "GET /v1/audit/search?limit=0", UP, SENT, CLOSED, ENDED, FAILED, KEY, ADMIN, "torn");
        Invocation run = run("audit", "report");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsSubsequence(
                        "Audit report of node",
                        "period: 2025-12-31 12:00:00 to 2025-12-31 12:00:05",
                        "log: 8 lines",
                        "WHAT STANDS OUT",
                        "ALARM PEER_KEY_CHANGED, 1 time",
                        "3 lines are missing",
                        "1 lines are not readable",
                        "1 admin commands were refused",
                        "WHO CONNECTED",
                        BOB,
                        "2.0 KiB",
                        "TURNED AWAY OR FAILED",
                        "handshake failed, code 3",
                        "10.0.0.9",
                        "KEYS AND TAMPERING",
                        "1 a known peer's address answered with another key",
                        "MESSAGES AND FILES",
                        "sent 1, 7 B",
                        "ADMIN COMMANDS",
                        "uid 1001: POST /v1/messages -> 403 caller-not-allowed");
        assertThat(run("audit", "report", "--json").out())
                .contains(json("'linesMissing':3"), json("'bytesIn':2048"), json("'refusedByAddress':{'10.0.0.9':1}"));
    }

    @Test
    void aNameInAReportIsNoMarkup() {
        String evil = json(
                "{'time':'2025-12-31T12:00:00Z','seq':1,'level':'ALARM','event':'TAMPERING','detail':'<img src=x>|[a](b)'}");
        transport.on(STATUS, 200, Samples.STATUS).stream("GET /v1/audit/search?limit=0", evil);
        assertThat(run("audit", "report", "--markdown").out())
                .contains("# Audit report", "## What stands out", "\\<img src=x\\>\\|\\[a\\](b)");
    }

    @Test
    void anEmptyLog() {
        transport.on(STATUS, 200, Samples.STATUS).stream("GET /v1/audit/search?limit=0&since=2026-01-01T11%3A00%3A00Z");
        assertThat(run("audit", "report", "--since", "1h").out())
                .contains("WHAT STANDS OUT\n  nothing", "nobody", "none");
    }
}
