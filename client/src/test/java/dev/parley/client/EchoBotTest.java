package dev.parley.client;

import static dev.parley.client.Samples.BOB;
import static dev.parley.client.Samples.EVE;
import static dev.parley.client.Samples.MESSAGE_ID;
import static dev.parley.client.Samples.SESSION_ID;
import static dev.parley.client.Samples.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bot of the README, run by a shell with a {@code parley} that tells it what came and notes what it answers. */
@Timeout(60)
class EchoBotTest {
    @TempDir
    Path directory;

    private static String came(String peer, String mediaType, String text) {
        return json("{'type':'message-received','at':'2026-01-01T12:00:02Z','id':'" + MESSAGE_ID
                        + "','cursor':7,'peerId':'" + peer + "','alias':'a','sessionId':'" + SESSION_ID
                        + "','scope':'DIRECT',"
                        + "'mediaType':'" + mediaType + "','size':5,'sentAt':'2026-01-01T12:00:02Z','text':")
                + text + "}";
    }

    @Test
    void itAnswersTextsAndNothingElse() throws Exception {
        String plain = "text/plain; charset=utf-8";
        String tricky = Json.write("say \"text\":\"x\", \"peerId\":\"zzzz\" \\ $(id) `id` % ü\n'\u202e");
        Path events = Files.write(
                directory.resolve("events"),
                List.of(
                        came(BOB, plain, "\"hello\""),
                        came(BOB, "application/json", "\"{\\\"mediaType\\\":\\\"text/plain\\\"}\""),
                        came(EVE, plain, tricky)));
        Path stub = Files.writeString(directory.resolve("parley"), """
                #!/bin/sh
                case $1 in
                  watch) cat '%s' ;;
                  send) { printf '%%s|' "$@"; cat; echo; } >> '%s' ;;
                esac
                """.formatted(events, directory.resolve("sent")));
        Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("#!/bin/sh\n# echo-bot\n");
        assertThat(start).as("the bot in README.md").isPositive();
        Path bot = Files.writeString(directory.resolve("bot"), readme.substring(start, readme.indexOf("```", start)));
        ProcessBuilder builder = new ProcessBuilder("sh", bot.toString()).redirectErrorStream(true);
        builder.environment().merge("PATH", directory.toString(), (path, own) -> own + ":" + path);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        String options = "|--json-body|-|--expires|1h|";
        assertThat(directory.resolve("sent"))
                .hasContent("send|" + BOB + options + "{\"echo\":\"hello\"}\nsend|" + EVE + options + "{\"echo\":"
                        + tricky + "}");
        Json.check("{\"echo\":" + tricky + "}");
    }
}
